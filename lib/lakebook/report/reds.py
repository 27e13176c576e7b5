"""What was red, sorted for reading: decisions with their evidence, and what could not be decided, by its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run


@dataclass(frozen=True, slots=True)
class Undecided:
    """The requirements that one reason kept from being decided. `reason` is empty where the error above says it."""

    reason: str
    requirements: Sequence[str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The red of one scenario on one profile."""

    result: Result
    decided: Sequence[Check]
    undecided: Sequence[Undecided]


def of(result: Result) -> Trouble:
    """Return the red of one result; an error that all share is not said again for each."""
    red = [check for check in result.checks if check.verdict.red]
    reasons: dict[str, list[str]] = {}
    for check in red:
        if _without_evidence(check):
            reason = "" if check.reason in result.error else check.reason
            reasons.setdefault(reason, []).append(check.requirement)
    undecided = [Undecided(reason, ids) for reason, ids in reasons.items()]
    return Trouble(result, [check for check in red if not _without_evidence(check)], undecided)


def _without_evidence(check: Check) -> bool:
    return check.verdict is Verdict.UNKNOWN and not check.cell and check.expected is None and check.got is None


def every(run: Run) -> list[Trouble]:
    """Return the red of a run, without the scenarios of profiles that did not start: those have one reason, once."""
    absent = {profile.name for profile in run.profiles if profile.error}
    return [of(result) for result in run.results if result.red and result.profile not in absent]
