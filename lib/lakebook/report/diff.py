"""What changed between two runs: verdicts, what is checked at all, versions, parameters, times. Worse first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run

_RANK = {Verdict.FAIL: 0, Verdict.UNKNOWN: 0, Verdict.KNOWN_FAILURE: 1, Verdict.NOT_APPLICABLE: 2, Verdict.PASS: 3}
_SLOWER_BY = 1.5  # a time changed a lot where it did so by this factor, and
_AT_LEAST_SECONDS = 2.0
WHOLE = ""  # the requirement of a change that concerns the scenario itself


class Kind(StrEnum):
    """How something changed, from what matters most."""

    WORSE = "worse"
    CHANGED = "changed"
    BETTER = "better"
    APPEARED = "appeared"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement of one scenario on one profile, or the scenario itself: what it came to before, and after.

    A verdict is None where the run did not decide it. `note` says more: what to do next, a reason, how many checks.
    """

    kind: Kind
    scenario: str
    profile: str
    requirement: str
    before: Verdict | None
    after: Verdict | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a run was made with, or took: a version, a capability, a parameter, seconds."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """Two runs, compared."""

    changes: Sequence[Change]
    versions: Sequence[Difference]
    parameters: Sequence[Difference]
    times: Sequence[Difference]

    @property
    def worse(self) -> int:
        """How many changes are for the worse."""
        return sum(change.kind is Kind.WORSE for change in self.changes)

    @property
    def exit_status(self) -> int:
        """1 where something got worse, else 0."""
        return int(self.worse > 0)


def compare(before: Run, after: Run) -> Diff:
    """Return what changed from one run to another.

    Worse is a verdict that fell (pass, not applicable, known failure, then red), a red that is new, and a requirement
    that a scenario no longer decides although it ran. A scenario that was not run has vanished, and is not worse.
    """
    old, new = _by_place(before), _by_place(after)
    changes = [change for place in {**old, **new} for change in _changes(place, old.get(place), new.get(place))]
    order = list(Kind)
    changes.sort(key=lambda one: (order.index(one.kind), one.scenario, one.profile, one.requirement))
    both = [place for place in old if place in new]
    return Diff(
        changes,
        list(_differences(_versions(before), _versions(after))),
        [one for place in both for one in _parameters(_name(place), old[place], new[place])],
        [one for place in both for one in _times(_name(place), old[place], new[place])],
    )


_Place = tuple[str, str]


def _name(place: _Place) -> str:
    return " on ".join(place)


def _by_place(run: Run) -> dict[_Place, Result]:
    return {(f"{one.workflow}/{one.scenario}", one.profile): one for one in run.results}


def _changes(place: _Place, old: Result | None, new: Result | None) -> Iterator[Change]:
    was, now = _decided(old), _decided(new)
    if old is None or new is None:
        kind, only = (Kind.APPEARED, now) if old is None else (Kind.VANISHED, was)
        verdicts = (old.verdict if old else None, new.verdict if new else None)
        yield Change(kind, *place, WHOLE, *verdicts, f"the scenario, with {len(only) - 1} requirements")
        now = {requirement: check for requirement, check in now.items() if check.verdict.red}
        was = {}
    for requirement in {**was, **now}:
        before, after = was.get(requirement), now.get(requirement)
        if before is None or after is None or before.verdict is not after.verdict:
            verdicts = (before.verdict if before else None, after.verdict if after else None)
            yield Change(_kind(*verdicts), *place, requirement, *verdicts, _note(after))


def _decided(result: Result | None) -> dict[str, Check]:
    """Return the worst check of each requirement, and whether the scenario itself came to its end."""
    if result is None:
        return {}
    ended = Verdict.UNKNOWN if result.error else Verdict.PASS
    found = {WHOLE: Check(WHOLE, ended, reason=result.error.split("\n", maxsplit=1)[0])}
    for check in sorted(result.checks, key=lambda one: (-_RANK[one.verdict], one.verdict is Verdict.FAIL)):
        found[check.requirement] = check
    return found


def _kind(before: Verdict | None, after: Verdict | None) -> Kind:
    if before is None:
        return Kind.WORSE if after and after.red else Kind.APPEARED
    if after is None:
        return Kind.VANISHED if before.red else Kind.WORSE
    if _RANK[before] == _RANK[after]:
        return Kind.CHANGED
    return Kind.WORSE if _RANK[after] < _RANK[before] else Kind.BETTER


def _note(check: Check | None) -> str:
    if check is None:
        return "no longer decided, although the scenario ran"
    if check.verdict is Verdict.PASS:
        return ""
    return check.reason or check.todo


def _versions(run: Run) -> dict[str, str]:
    """Return what a run was made with, by name."""
    environment = run.environment
    found = {name: str(environment[name]) for name in ("commit", "python") if name in environment}
    found |= {f"package {name}": str(version) for name, version in environment.get("packages", {}).items()}
    found |= {f"machine {name}": str(value) for name, value in environment.get("machine", {}).items()}
    for profile in run.profiles:
        found |= {f"{profile.name}: {one['role']}": f"{one['kind']} {one['version']}" for one in profile.services}
        found |= {f"{profile.name}: capability {name}": "present" for name in profile.capabilities}
        found |= {f"{profile.name}: capability {name}": "absent" for name in profile.lacks}
    return found


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name, "–"), after.get(name, "–"))


def _parameters(where: str, old: Result, new: Result) -> Iterator[Difference]:
    was, now = ({name: str(value) for name, value in one.parameters.items()} for one in (old, new))
    for one in _differences(was, now):
        yield Difference(f"{where}: {one.what}", one.before, one.after)


def _times(where: str, old: Result, new: Result) -> Iterator[Difference]:
    short, long = sorted([old.seconds, new.seconds])
    if long - short >= _AT_LEAST_SECONDS and long >= short * _SLOWER_BY:
        yield Difference(where, f"{old.seconds:.1f} s", f"{new.seconds:.1f} s")


def jsonable(diff: Diff) -> dict[str, Any]:
    """Return a comparison as plain JSON values."""
    return {"format": 1, "worse": diff.worse, "exit_status": diff.exit_status, **asdict(diff)}
