"""The index of a run: the matrix that opens into reports, and what stands behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lakebook.report import ledger, matrix, page, reds
from lakebook.report.wording import count
from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from lakebook.run.results import Run


def render(run: Run) -> str:
    """Return the page as HTML."""
    checks = Counter(check.verdict for result in run.results for check in result.checks)
    return page.render(
        "index.html.j2",
        run=run,
        headline=_headline(run, checks),
        checks=[(verdict, checks[verdict]) for verdict in Verdict],
        groups=matrix.groups(run),
        troubles=reds.every(run),
        absent=[profile for profile in run.profiles if profile.error],
        lines=ledger.lines(run),
    )


def _headline(run: Run, checks: Counter[Verdict]) -> str:
    red = sum(number for verdict, number in checks.items() if verdict.red)
    if red:
        return f"{red:,} of {count(checks.total(), 'check')} red"
    if run.verdict.red:
        return "Not everything came to its end"
    return f"{count(checks.total(), 'check')}, none red"
