"""The requirements: one sentence each, by id, from `notebooks/requirements.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lakebook import project
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence that must hold. `needs` are the capabilities without which it is not applicable.

    `later` says what it waits for where no scenario is to decide it yet.
    """

    id: str
    workflow: str
    says: str
    source: str
    needs: tuple[str, ...]
    later: str = ""

    def missing(self, capabilities: frozenset[str]) -> list[str]:
        """Return the needed capabilities that a profile declares absent."""
        return [need for need in self.needs if need not in capabilities]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    says: str
    source: str = Field(alias="from")
    needs: tuple[str, ...] = ()
    later: str = ""


_FILE = TypeAdapter(dict[str, dict[str, _Entry]])


def load(path: Path) -> dict[str, Requirement]:
    """Return the requirements of a file by id, in its order. Raises ConfigurationError for a file that is broken."""
    try:
        workflows = _FILE.validate_python(project.read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(
            f"{path.name} is not a list of requirements",
            expected="workflow, then id, then {says, from, needs, later}",
            got=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            where=project.shown(path),
            todo="mend that entry",
        ) from None
    return {
        identifier: Requirement(identifier, workflow, entry.says, entry.source, entry.needs, entry.later)
        for workflow, entries in workflows.items()
        for identifier, entry in entries.items()
    }


@cache
def all_requirements() -> Mapping[str, Requirement]:
    """Return the workbook's requirements by id."""
    return load(project.root() / "notebooks" / "requirements.yaml")


def get(identifier: str) -> Requirement:
    """Return one requirement. Raises ConfigurationError, with the nearest ids, for one that does not exist."""
    known = all_requirements()
    if identifier not in known:
        near = get_close_matches(identifier, known, n=3, cutoff=0.5)
        raise ConfigurationError(
            f"there is no requirement {identifier}",
            expected=f"an id of notebooks/requirements.yaml{', such as ' + ', '.join(near) if near else ''}",
            got=identifier,
            todo="lakebook list requirements",
        )
    return known[identifier]
