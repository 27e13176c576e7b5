"""A verdict and the record of one check: the words that notebooks, results and reports share."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """What a check decided. Members stand from the worst to the best."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    KNOWN_FAILURE = "known_failure"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    NOT_APPLICABLE = "not_applicable"

    @property
    def red(self) -> bool:
        """Whether this verdict makes a run exit with status 1."""
        return self in (Verdict.FAIL, Verdict.UNKNOWN)

    @property
    def word(self) -> str:
        """The verdict as a person reads it."""
        return self.value.replace("_", " ")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts; of none, unknown: nothing was decided."""
    order = list(Verdict)
    return min(verdicts, key=order.index, default=Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decider found: whether the requirement held, and the evidence. Plain JSON values throughout.

    `ok` is None where it could not be decided. `expected` and `got` stand side by side in the panel; a list of
    dicts is shown as a table. `todo` says what to look at when it is red.
    """

    ok: bool | None
    expected: Any
    got: Any
    where: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `checks.jsonl`: one decision about one requirement, made in one scenario."""

    requirement: str
    verdict: Verdict
    expected: Any = None
    got: Any = None
    where: str = ""
    todo: str = ""
    reason: str = ""
    cell: str = ""
    seconds: float = 0.0
    links: list[str] = field(default_factory=list)
