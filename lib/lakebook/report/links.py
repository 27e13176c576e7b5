"""Where a report links to: another report, one of its cells, a page of the outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from lakebook.run.execute import Result

INDEX = "../../index.html"  # from <profile>/<workflow>/<scenario>.html


def anchor(cell: str) -> str:
    """Return the fragment that leads to a cell, with the anchors that nbconvert and JupyterLab know."""
    return f"#cell-id={quote(cell, safe='')}" if cell else ""


def to_cell(result: Result, cell: str) -> str:
    """Return the link from the index to a cell of a report, or to its top; empty where there is no report."""
    return f"{quote(result.report)}{anchor(cell)}" if result.report else ""


def outside(link: str) -> str:
    """Return a link that may be followed out of a report; empty for what is no web address."""
    return link if urlsplit(link).scheme in ("http", "https") else ""
