"""What is written down of a running stack, so that notebooks, commands and people find it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import psutil

from lakebook import project, secret
from lakebook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "LAKEBOOK_STACK"
_FILE = "stack.json"


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One running service: where it is, in which version, what it gives, and how long it took to be ready."""

    kind: str
    url: str
    version: str
    pid: int
    log: str
    ready_seconds: float
    values: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """The process with which a stack ends; a process id alone may be given again."""

    pid: int
    started: float

    @classmethod
    def this_process(cls) -> Owner:
        """Return the process that asks."""
        return cls(os.getpid(), psutil.Process().create_time())

    def alive(self) -> bool:
        """Tell whether that very process still runs."""
        try:
            return abs(psutil.Process(self.pid).create_time() - self.started) < 1
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True, slots=True)
class StackState:
    """A running stack. `shared` ones were started by `lakebook up`, for all who come."""

    profile: str
    folder: Path
    owner: Owner
    shared: bool
    services: Mapping[str, ServiceState]
    capabilities: frozenset[str]
    lacks: Mapping[str, str]

    def secrets(self) -> list[str]:
        """Return every secret of the stack."""
        return [value for service in self.services.values() for value in service.secrets.values()]

    def dead(self) -> list[str]:
        """Return the roles whose process is gone."""
        return [role for role, service in self.services.items() if not psutil.pid_exists(service.pid)]


def stacks_folder() -> Path:
    """Return the folder with one folder a stack."""
    return project.state() / "stacks"


def write(state: StackState) -> Path:
    """Write a stack's state for its owner's eyes alone; return the file."""
    file = state.folder / _FILE
    partial = file.with_suffix(".partial")
    content = {
        **asdict(state),
        "folder": str(state.folder),
        "capabilities": sorted(state.capabilities),
    }
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(content, indent=1), encoding="utf-8")
    partial.rename(file)
    return file


def read(file: Path) -> StackState:
    """Return a stack's state, its secrets known from now on. Raises ServiceError where there is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ServiceError(
            "the stack is gone", expected="a running stack", got=str(error), todo="lakebook status; lakebook up"
        ) from None
    state = StackState(
        content["profile"],
        file.parent,
        Owner(**content["owner"]),
        content["shared"],
        {role: ServiceState(**service) for role, service in content["services"].items()},
        frozenset(content["capabilities"]),
        content["lacks"],
    )
    secret.remember(state.secrets())
    return state


def running() -> list[StackState]:
    """Return the stacks of this workbook whose owner lives."""
    found = []
    for file in sorted(stacks_folder().glob(f"*/{_FILE}")):
        with suppress(ServiceError):  # it ended between the listing and the reading
            found.append(read(file))
    return [state for state in found if state.owner.alive()]


def attached(profile: str) -> StackState | None:
    """Return the stack that this process was given, or the one that `lakebook up` left running; else None."""
    if VARIABLE in os.environ:
        from pathlib import Path  # noqa: PLC0415

        return read(Path(os.environ[VARIABLE]))
    return next((state for state in running() if state.shared and state.profile == profile), None)
