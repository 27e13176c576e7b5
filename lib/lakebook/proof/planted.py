"""Mutants, as whoever planted them describes them: found through the entry points of installed packages."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from lakebook import requirement
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GROUP = "lakebook.mutants"


class Mutant(Protocol):
    """A planted defect: in the service of a role, by settings that the profile's role is given.

    `finds` are the requirements that must turn red, and no others, wherever a scenario decides one of them.
    """

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def sentence(self) -> str:
        """What is wrong with the service."""

    @property
    def role(self) -> str:
        """The role whose service it stands in for."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the profile's role is given."""

    @property
    def finds(self) -> tuple[str, ...]:
        """The requirements that must turn red."""


def every() -> list[Mutant]:
    """Return all mutants of the installed packages, by name."""
    found = [mutant for point in entry_points(group=_GROUP) for mutant in point.load()()]
    return sorted(found, key=lambda mutant: mutant.name)


def select(names: Sequence[str] = (), requirements: Sequence[str] = ()) -> list[Mutant]:
    """Return the mutants of these names, or that must be found by a check of these requirements; all, where none is.

    Raises ConfigurationError for a name or a requirement that does not exist, and where nothing is left.
    """
    mutants = every()
    known = [mutant.name for mutant in mutants]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise ConfigurationError(
                f"there is no mutant {name}",
                expected="a name of `lakebook list mutants`",
                got=name,
                todo=f"did you mean {near[0]}?" if near else "lakebook list mutants",
            )
    for identifier in requirements:
        requirement.get(identifier)
    chosen = [
        mutant
        for mutant in mutants
        if (not names or mutant.name in names) and (not requirements or set(requirements) & set(mutant.finds))
    ]
    if not chosen:
        raise ConfigurationError(
            "no mutant matches", expected="one at least", got=", ".join(requirements), todo="lakebook list mutants"
        )
    return chosen
