"""What a run came to, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.report.wording import count

if TYPE_CHECKING:
    from lakebook.run.results import Run


def of(run: Run) -> str:
    """Return how many checks were red of how many; where none was, whether everything came to its end."""
    verdicts = [check.verdict for result in run.results for check in result.checks]
    red = sum(verdict.red for verdict in verdicts)
    if red:
        return f"{red:,} of {count(len(verdicts), 'check')} red"
    if run.verdict.red:
        return "Not everything came to its end"
    return f"{count(len(verdicts), 'check')}, none red"
