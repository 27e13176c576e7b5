"""Stacks that stay: `up` leaves one running behind a process of its own, `down` ends it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from lakebook import poll, project
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.stack.state import StackState, read, running
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakebook.profile import Profile


def up(found: Profile, *, tell: Callable[[str], None]) -> StackState:
    """Start a profile's stack behind a process that stays; return its state, or that of the one that runs already.

    Raises ServiceError, with what the service said, where it does not start.
    """
    for state in running():
        if state.shared and state.profile == found.name:
            return state
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
    return _awaited(owner, found, log, tell)


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
        got=log.read_text(errors="replace")[-1000:],
        where=project.shown(log),
    )


def down(profile_name: str | None = None) -> list[str]:
    """End the shared stacks, all or a profile's; return the names of their profiles once nothing of them is left."""
    stopped = []
    for state in running():
        if state.shared and profile_name in (None, state.profile):
            _end(state)
            stopped.append(state.profile)
    return stopped


def _end(state: StackState) -> None:
    psutil.Process(state.owner.pid).terminate()
    poll.until(
        lambda: not state.owner.alive() and not state.folder.exists(),
        what=f"the stack of {state.profile} to end",
        deadline_seconds=TIMEOUTS.service_stop * (len(state.services) + 1),
    )
