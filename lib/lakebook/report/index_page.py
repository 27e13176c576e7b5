"""The index of a run: the matrix that opens into reports, and what stands behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.report import headline, ledger, matrix, page, reds, trace
from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.report.trace import Line, State
    from lakebook.run.results import Run

_FEW_SCENARIOS = 8  # of more, one may choose to see the red ones alone
_NARROW = 6  # profiles that fit beside each other into a column of text
_MOST_IN_CELL = 6  # red checks that a cell of the matrix names
_MOST_TOLD = 40  # red scenarios whose evidence is in the index; that of the others is in their reports alone


def render(run: Run, traced: Sequence[Line] = ()) -> str:
    """Return the page as HTML; `traced` is what is known of each requirement of the workbook."""
    checks = Counter(check.verdict for result in run.results for check in result.checks)
    return page.render(
        "index.html.j2",
        run=run,
        headline=headline.of(run),
        checks=[(verdict, checks[verdict]) for verdict in Verdict],
        groups=matrix.groups(run),
        reasons=matrix.reasons,
        troubles=reds.every(run),
        absent=[profile for profile in run.profiles if profile.error],
        lines=ledger.lines(run),
        traced=_traced(traced),
        few=_FEW_SCENARIOS,
        narrow=_NARROW,
        most_in_cell=_MOST_IN_CELL,
        most_told=_MOST_TOLD,
    )


@dataclass(frozen=True, slots=True)
class _Workflow:
    """The requirements of one workflow, and how many are in each state."""

    name: str
    lines: Sequence[Line]

    @property
    def counts(self) -> list[tuple[State, int]]:
        return list(trace.counts(self.lines).items())


@dataclass(frozen=True, slots=True)
class _Traced:
    """The requirements by workflow, and how many are in each state."""

    workflows: Sequence[_Workflow]
    counts: Sequence[tuple[State, int]]


def _traced(lines: Sequence[Line]) -> _Traced | None:
    if not lines:
        return None
    names = dict.fromkeys(line.workflow for line in lines)
    workflows = [_Workflow(name, [line for line in lines if line.workflow == name]) for name in names]
    return _Traced(workflows, list(trace.counts(lines).items()))
