"""What is known of each requirement after a run: it, the workbook's scenarios and the last proofs, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import proofs, requirement
from lakebook.report import trace
from lakebook.run import scenario

if TYPE_CHECKING:
    from lakebook.run.results import Run


def lines(run: Run | None) -> list[trace.Line]:
    """Return a line for each requirement of the workbook, in order; without a run, none has been run.

    Raises ConfigurationError where the proofs cannot be read.
    """
    decided = [
        trace.Decided(check.requirement, result.profile, check.verdict, check.reason)
        for result in (run.results if run else ())
        for check in result.checks
    ]
    scenarios: dict[str, list[str]] = {}
    for one in scenario.every():
        for identifier in one.requirements:
            scenarios.setdefault(identifier, []).append(one.id)
    found = proofs.by_requirement(proofs.last())
    return trace.lines(requirement.all_requirements().values(), scenarios, decided, found)
