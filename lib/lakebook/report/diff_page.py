"""The page of a comparison: what got worse first, in one file that needs nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.report import page
from lakebook.report.diff import WHOLE, Kind
from lakebook.report.wording import count

if TYPE_CHECKING:
    from lakebook.report.diff import Change, Diff
    from lakebook.run.results import Run

_TITLES = {
    Kind.WORSE: "Worse",
    Kind.CHANGED: "Red before and after, in another way",
    Kind.BETTER: "Better",
    Kind.APPEARED: "Appeared",
    Kind.VANISHED: "Vanished",
}


def render(diff: Diff, before: Run, after: Run, names: tuple[str, str]) -> str:
    """Return the page as HTML; `names` are what the two runs were called."""
    return page.render(
        "diff.html.j2",
        headline=headline(diff),
        runs=list(zip(names, (before, after), strict=True)),
        groups=groups(diff),
        whole=WHOLE,
        worse=Kind.WORSE,
        others=tables(diff),
    )


def headline(diff: Diff) -> str:
    """Return what came of the comparison, in a few words."""
    better = sum(change.kind is Kind.BETTER for change in diff.changes)
    return f"{count(diff.worse, 'change')} for the worse, {better:,} for the better"


def groups(diff: Diff) -> list[tuple[Kind, str, list[Change]]]:
    """Return the changes by kind, with a title each; no kind without a change."""
    found = [(kind, title, [one for one in diff.changes if one.kind is kind]) for kind, title in _TITLES.items()]
    return [group for group in found if group[2]]


def tables(diff: Diff) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Return the other differences: a title, an id for links, and rows of what, before, after; none that is empty."""
    named = [("Versions", diff.versions), ("Parameters", diff.parameters), ("Times", diff.times)]
    return [
        (title, title.lower(), [(one.what, one.before, one.after) for one in found]) for title, found in named if found
    ]
