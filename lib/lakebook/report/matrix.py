"""The matrix of a run: scenarios, grouped by workflow, against profiles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run
    from lakebook.verdict import Check


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario on each profile; None where it was not run there."""

    scenario: str
    title: str
    cells: Sequence[Result | None]

    @property
    def red(self) -> bool:
        """Whether it is red on any profile."""
        return any(cell.red for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Group:
    """The scenarios of one workflow."""

    workflow: str
    rows: Sequence[Row]


def groups(run: Run) -> list[Group]:
    """Return the rows of the matrix; its columns are the run's profiles, in their order."""
    by_place = {(one.workflow, one.scenario, one.profile): one for one in run.results}
    scenarios = {(one.workflow, one.scenario): one.title for one in run.results}
    rows = [
        (workflow, Row(name, title, [by_place.get((workflow, name, profile.name)) for profile in run.profiles]))
        for (workflow, name), title in scenarios.items()
    ]
    rows.sort(key=lambda pair: pair[0])  # stable: scenarios keep their order
    return [Group(workflow, [row for _, row in some]) for workflow, some in groupby(rows, key=lambda pair: pair[0])]


def reasons(result: Result) -> list[Check]:
    """Return the checks that explain a cell: all red ones, else one of each requirement; of a pass, none."""
    red = [check for check in result.checks if check.verdict.red]
    due = [] if result.verdict is Verdict.PASS else [one for one in result.checks if one.verdict is result.verdict]
    return red or list({check.requirement: check for check in due}.values())
