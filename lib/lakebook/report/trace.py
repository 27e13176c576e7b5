"""Traceability: which scenarios decide each requirement, what the last run said, and which mutants were found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lakebook.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakebook.requirement import Requirement


class State(StrEnum):
    """What is known of a requirement, from the worst to the best."""

    RED = "red"
    NO_CHECK = "no check"
    NEVER_RUN = "never run"
    UNPROVEN = "unproven"
    COVERED = "covered"
    NOT_APPLICABLE = "not applicable"
    LATER = "later"

    @property
    def gap(self) -> bool:
        """Whether somebody has to do something about it."""
        return self in (State.RED, State.NO_CHECK, State.NEVER_RUN, State.UNPROVEN)


MEANING = {
    State.RED: "a check was red in the last run",
    State.NO_CHECK: "no scenario decides it",
    State.NEVER_RUN: "a scenario decides it, but the last run has no result",
    State.UNPROVEN: "the last run was not red, but no mutant has shown that its checks can fail",
    State.COVERED: "the last run was not red, and a mutant turned a check of it red",
    State.NOT_APPLICABLE: "every profile of the last run lacks a capability that it needs",
    State.LATER: "no scenario is to decide it yet",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement with all that is known of it.

    `verdicts` are those of the last run, as profile: verdict, the worst where several scenarios decided it. `reason`
    says why it is not applicable, or what it waits for.
    """

    id: str
    workflow: str
    says: str
    state: State
    scenarios: Sequence[str]
    verdicts: Mapping[str, Verdict]
    mutants: Sequence[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One verdict of the last run on a requirement."""

    requirement: str
    profile: str
    verdict: Verdict
    reason: str = ""


def lines(
    requirements: Iterable[Requirement],
    scenarios: Mapping[str, Sequence[str]],
    decided: Sequence[Decided],
    mutants: Mapping[str, Sequence[str]],
) -> list[Line]:
    """Return a line for each requirement, in order.

    `scenarios` are the names of those that decide each requirement, `mutants` those that its checks found, both by id.
    """
    known = list(requirements)
    begun = {one.workflow for one in known if scenarios.get(one.id)}
    return [
        _line(
            one if one.workflow in begun else replace(one, later=one.later or "a workflow without scenarios yet"),
            scenarios.get(one.id, ()),
            [line for line in decided if line.requirement == one.id],
            mutants,
        )
        for one in known
    ]


def _line(
    one: Requirement, scenarios: Sequence[str], decided: Sequence[Decided], mutants: Mapping[str, Sequence[str]]
) -> Line:
    verdicts: dict[str, Verdict] = {}
    for line in decided:
        verdicts[line.profile] = worst([verdicts.get(line.profile, line.verdict), line.verdict])
    found = mutants.get(one.id, ())
    state = _state(one, scenarios, set(verdicts.values()), proven=bool(found))
    reasons = dict.fromkeys(line.reason for line in decided if line.verdict is Verdict.NOT_APPLICABLE)
    reason = "; ".join(reasons) if state is State.NOT_APPLICABLE else one.later if state is State.LATER else ""
    return Line(one.id, one.workflow, one.says, state, scenarios, verdicts, found, reason)


def _state(one: Requirement, scenarios: Sequence[str], verdicts: set[Verdict], *, proven: bool) -> State:
    if not scenarios:
        return State.LATER if one.later else State.NO_CHECK
    if not verdicts:
        return State.NEVER_RUN
    if any(verdict.red for verdict in verdicts):
        return State.RED
    if verdicts == {Verdict.NOT_APPLICABLE}:
        return State.NOT_APPLICABLE
    return State.COVERED if proven else State.UNPROVEN


def counts(found: Sequence[Line]) -> dict[State, int]:
    """Return how many requirements are in each state that occurs."""
    return {state: number for state in State if (number := sum(line.state is state for line in found))}
