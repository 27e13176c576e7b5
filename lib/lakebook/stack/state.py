"""What is written down of a running stack, so that notebooks, commands and people find it."""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import psutil

from lakebook import project, secret
from lakebook.errors import ServiceError
from lakebook.stack.service import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "LAKEBOOK_STACK"
_FILE = "stack.json"
_NAME = re.compile(r".+-(?P<pid>\d+)-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One running service: where it is, in which version, its settings, what it gives, and its seconds to ready.

    `pid` is 0, and `log` empty, where it was there already.
    """

    kind: str
    url: str
    version: str
    pid: int
    log: str
    ready_seconds: float
    values: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def endpoint(self) -> Endpoint:
        """What it gives to those that use it."""
        return Endpoint(self.url, self.values, self.secrets)


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
            found = psutil.Process(self.pid)
            return abs(found.create_time() - self.started) < 1 and found.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True, slots=True)
class StackState:
    """A running stack. `shared` ones were started by `lakebook up`, for all who come.

    `fingerprint` is that of the profile it was started with: one of today may ask for another stack.
    """

    profile: str
    folder: Path
    owner: Owner
    shared: bool
    services: Mapping[str, ServiceState]
    capabilities: frozenset[str]
    lacks: Mapping[str, str]
    fingerprint: str = ""

    @property
    def file(self) -> Path:
        """Where this is written; the value of LAKEBOOK_STACK for those that attach to it."""
        return self.folder / _FILE

    def secrets(self) -> list[str]:
        """Return every secret of the stack."""
        return [value for service in self.services.values() for value in service.secrets.values()]

    def dead(self) -> list[str]:
        """Return the roles whose process is gone."""
        return [role for role, service in self.services.items() if not self._runs(service)]

    def _runs(self, service: ServiceState) -> bool:
        """Tell whether a service's process runs: a child of the owner still, and not one that has ended unseen.

        One that was there already is nobody's child, and counts as running.
        """
        if not service.pid:
            return True
        try:
            found = psutil.Process(service.pid)
            return found.ppid() == self.owner.pid and found.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def stacks_folder() -> Path:
    """Return the folder with one folder a stack."""
    return project.state() / "stacks"


def new_folder(profile: str) -> Path:
    """Return a new folder for a stack of this process, whose id stands in its name. Raises OSError."""
    folder = stacks_folder() / f"{profile}-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, mode=0o700)
    return folder


def abandoned() -> list[Path]:
    """Return the folders of stacks whose owner is gone."""
    kept = {state.folder for state in running()}
    return [one for one in sorted(stacks_folder().glob("*-*")) if one not in kept and not _starting(one)]


def _starting(folder: Path) -> bool:
    """Tell whether the process that made a folder still runs, and so may be starting its stack."""
    match = _NAME.fullmatch(folder.name)
    try:
        made = folder.stat().st_mtime
        owner = psutil.Process(int(match["pid"])) if match else None
        return bool(owner and owner.create_time() <= made + 1 and owner.status() != psutil.STATUS_ZOMBIE)
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False


def write(state: StackState) -> Path:
    """Write a stack's state for its owner's eyes alone; return the file."""
    file = state.file
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
        state = _parsed(json.loads(file.read_text(encoding="utf-8")), file.parent)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ServiceError(
            "the stack is gone",
            expected="a running stack",
            got=f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}",
            where=project.shown(file),
            todo="lakebook status; lakebook up",
        ) from None
    secret.remember(state.secrets())
    return state


def _parsed(content: dict[str, Any], folder: Path) -> StackState:
    return StackState(
        content["profile"],
        folder,
        Owner(**content["owner"]),
        content["shared"],
        {role: ServiceState(**service) for role, service in content["services"].items()},
        frozenset(content["capabilities"]),
        content["lacks"],
        content.get("fingerprint", ""),
    )


def running() -> list[StackState]:
    """Return the stacks of this workbook whose owner lives."""
    found = []
    for file in sorted(stacks_folder().glob(f"*/{_FILE}")):
        with suppress(ServiceError):  # it ended between the listing and the reading
            found.append(read(file))
    return [state for state in found if state.owner.alive()]


def given() -> StackState | None:
    """Return the stack that this process was given by LAKEBOOK_STACK; None where it was given none."""
    if VARIABLE not in os.environ:
        return None
    from pathlib import Path  # noqa: PLC0415

    return read(Path(os.environ[VARIABLE]))


def shared(profile: str) -> StackState | None:
    """Return the stack of a profile that `lakebook up` left running; None where there is none."""
    return next((state for state in running() if state.shared and state.profile == profile), None)
