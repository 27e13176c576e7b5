"""The index of a run: the matrix that opens into reports, and what stands behind it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakebook.run.results import Run


def render(run: Run) -> str:
    """Return the page as HTML."""
    return f"<!doctype html><title>{escape(run.verdict.word)}</title>"
