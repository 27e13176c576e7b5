"""The requirements of a run: each with its verdict on each profile, and where it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.report import links
from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run

_EXPLAINED = (Verdict.NOT_APPLICABLE, Verdict.KNOWN_FAILURE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one profile came to, in the scenario where it did worst."""

    verdict: Verdict
    href: str
    reason: str
    outside: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement on each profile; None where no scenario named it."""

    requirement: str
    entries: Sequence[Entry | None]


def lines(run: Run) -> list[Line]:
    """Return one line for each requirement that the run decided or should have."""
    found: dict[str, dict[str, list[tuple[Result, Check]]]] = {}
    for result in run.results:
        for check in result.checks:
            found.setdefault(check.requirement, {}).setdefault(result.profile, []).append((result, check))
    names = [profile.name for profile in run.profiles]
    return [Line(one, [_entry(found[one].get(name, [])) for name in names]) for one in sorted(found)]


def _entry(made: Sequence[tuple[Result, Check]]) -> Entry | None:
    if not made:
        return None
    order = list(Verdict)
    result, check = min(made, key=lambda pair: order.index(pair[1].verdict))
    reason = check.reason if check.verdict in _EXPLAINED else ""
    outside = [link for link in check.links if links.outside(link)]
    return Entry(check.verdict, links.to_cell(result, check.cell), reason, outside)
