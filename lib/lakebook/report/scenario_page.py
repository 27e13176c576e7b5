"""The page of one scenario: what was decided, then the executed notebook as an essay."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lakebook.report import notebook

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.run.execute import Result


def render(result: Result, executed: Path) -> str:
    """Return the page as HTML."""
    return f"<!doctype html><title>{escape(result.title)}</title>{notebook.body(notebook.read(executed))}"
