"""Stacks that stay: `up` leaves one running behind a process of its own, `down` ends it."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from lakebook import poll, profile, project
from lakebook.errors import ConfigurationError, DeadlineError, ServiceError
from lakebook.stack.state import StackState, read, running, shared
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lakebook.profile import Profile


def up(found: Profile, *, tell: Callable[[str], None]) -> StackState:
    """Start a profile's stack behind a process that stays; return its state, or that of the one that runs already.

    Raises ServiceError, with what the service said, where it does not start.
    """
    with _alone(found.name):
        return shared(found.name) or _started(found, tell)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one `up` of a profile start its stack, while others wait for it."""
    try:
        lock = (project.state() / f"up-{name}.lock").open("wb")
    except OSError as error:
        raise project.unwritable(project.state(), error) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _started(found: Profile, tell: Callable[[str], None]) -> StackState:
    log = project.state() / f"up-{found.name}.log"
    with log.open("wb") as errors:
        owner = subprocess.Popen(
            [sys.executable, "-m", "lakebook.stack.owner", found.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
            cwd=project.root(),
        )
    try:
        return _awaited(owner, found, log, tell)
    except BaseException:  # interrupted: nobody would know of what it starts
        owner.terminate()
        owner.wait()
        raise


def _awaited(owner: subprocess.Popen[str], found: Profile, log: Path, tell: Callable[[str], None]) -> StackState:
    for line in owner.stdout or ():
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "running":
            return read(Path(rest))
        if word == "failed":
            message = owner.stdout.read().strip() if owner.stdout else ""
            raise (ConfigurationError if rest == "2" else ServiceError)(message)
        tell(line.rstrip("\n"))
    raise ServiceError(
        f"the stack of {found.name} ended before it was ready",
        expected="its services, all ready",
        got=log.read_text(errors="replace")[-1000:],
        where=project.shown(log),
        todo="read the log",
    )


def down(profile_name: str | None = None) -> list[str]:
    """End the shared stacks, all or a profile's; return the names of their profiles once nothing of them is left.

    Raises ConfigurationError for a name that is no profile, and of which nothing runs.
    """
    found = [state for state in running() if state.shared and profile_name in (None, state.profile)]
    if profile_name and not found:
        profile.load(profile_name)
    for state in found:
        _end(state)
    return [state.profile for state in found]


def _end(state: StackState) -> None:
    """Ask the owner to end its stack; where it does not, kill it, and the services end with it."""
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile
            ask(psutil.Process(state.owner.pid))
        with suppress(DeadlineError):
            poll.until(
                lambda: not state.owner.alive() and not state.folder.exists(),
                what=f"the stack of {state.profile} to end",
                deadline_seconds=TIMEOUTS.service_stop * (len(state.services) + 1),
            )
            return
    raise ServiceError(
        f"the stack of {state.profile} does not end",
        expected="no process and no folder of it",
        got=f"its owner, process {state.owner.pid}, {'lives' if state.owner.alive() else 'is gone'}",
        where=project.shown(state.folder),
        todo="lakebook status; lakebook clean",
    )
