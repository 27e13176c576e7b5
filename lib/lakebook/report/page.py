"""Turns a template and its values into a page that needs nothing but itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import panel
from lakebook.report import links, wording

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """Return the page that a template makes of these values. Every value is escaped, unless it is Markup."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow to import
    from markupsafe import Markup  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "signs": panel.SIGNS,
        "style": lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8")),  # noqa: S704 - our own file
        "anchor": links.anchor,
        "to_cell": links.to_cell,
        "outside": links.outside,
        "count": wording.count,
        "sentence": wording.sentence,
        "evidence": wording.evidence,
        "again": wording.again,
    }
    made.filters |= {"duration": wording.duration, "when": wording.when, "short": wording.short}
    return made
