"""What came of a planted defect, and the file that keeps the last proof of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lakebook import project
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FORMAT = 1


class Ending(StrEnum):
    """How a proof ended. `FOUND`: exactly the declared requirements turned red."""

    FOUND = "found"
    SURVIVED = "survived"
    ASTRAY = "astray"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the checks said of one mutant on one profile.

    `declared` are the requirements that must turn red. `red` are those that a check failed, each with the scenario and
    the cell of the first check that did; `undecided` those that no check could decide, with the reason.
    """

    mutant: str
    sentence: str
    profile: str
    declared: Sequence[str]
    red: Mapping[str, str]
    undecided: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    seconds: float = 0
    folder: str = ""

    @property
    def survived(self) -> list[str]:
        """The declared requirements that did not turn red: their checks did not see the defect."""
        return [identifier for identifier in self.declared if identifier not in self.red]

    @property
    def astray(self) -> list[str]:
        """Requirements that are red or undecided, and are not declared."""
        return [identifier for identifier in {**self.red, **self.undecided} if identifier not in self.declared]

    @property
    def ending(self) -> Ending:
        """Whether it was found: a survivor is worse than one that turns more red than it says."""
        return Ending.SURVIVED if self.survived else Ending.ASTRAY if self.astray else Ending.FOUND


def file() -> Path:
    """Return where the last proofs are kept."""
    return project.state() / "proofs.json"


def keep(proofs: Iterable[Proof]) -> Path:
    """Write proofs down, each in the place of an earlier one of the same mutant and profile; return the file."""
    kept = {(one.mutant, one.profile): one for one in [*last(), *proofs]}
    content = {"format": FORMAT, "proofs": [{**asdict(one), "ending": one.ending} for one in kept.values()]}
    target = file()
    partial = target.with_suffix(".partial")
    try:
        partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.rename(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise project.unwritable(target, error) from None
    return target


def last() -> list[Proof]:
    """Return the last proof of each mutant on each profile; none where nothing was proved yet."""
    if not file().exists():
        return []
    try:
        content: dict[str, Any] = json.loads(file().read_text(encoding="utf-8"))
        return [Proof(**{key: value for key, value in one.items() if key != "ending"}) for one in content["proofs"]]
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            "the proofs cannot be read",
            expected="what lakebook prove wrote",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(file()),
            todo="remove the file, and lakebook prove again",
        ) from None


def by_requirement(proofs: Iterable[Proof]) -> dict[str, list[str]]:
    """Return the mutants that each requirement's checks have found, by id."""
    found: dict[str, list[str]] = {}
    for one in proofs:
        for identifier in one.declared:
            if identifier in one.red:
                found.setdefault(identifier, []).append(one.mutant)
    return found
