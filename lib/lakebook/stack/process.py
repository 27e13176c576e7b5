"""Processes that end with their owner, kill -9 included."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import project
from lakebook.errors import ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GUARD = Path(__file__).with_name("guard.py")
_KEPT_LINES = 15
_live: set[Process] = set()


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """A guarded process and its log. Ends with the process that started it, or by `stop`."""

    name: str
    guard: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """The id of the guard, whose child the command is."""
        return self.guard.pid

    def alive(self) -> bool:
        """Tell whether the command still runs."""
        return self.guard.poll() is None

    def require_alive(self) -> None:
        """Raise ServiceError, with the end of the log, where the command has ended."""
        if not self.alive():
            raise ServiceError(
                f"{self.name} ended with status {self.guard.returncode}",
                expected=f"{self.name} running",
                got=f"the end of its log:\n{self.log_end()}",
                where=project.shown(self.log),
                todo="read the log; lakebook status; then start it again",
            )

    def log_end(self) -> str:
        """Return the last lines of the log, indented."""
        return last_lines(self.log)

    def stop(self) -> None:
        """Ask the command to end, then end it and everything that it started."""
        if self.alive():
            self.guard.terminate()
            with suppress(subprocess.TimeoutExpired):  # then closing the guard's pipe kills it
                self.guard.wait(TIMEOUTS.service_stop)
        if self.guard.stdin:
            self.guard.stdin.close()
        self.guard.wait(TIMEOUTS.service_stop)
        _live.discard(self)


def end_all() -> None:
    """End every process that this one started and has not stopped: for interrupts."""
    for one in list(_live):
        one.stop()


def last_lines(log: Path, lines: int = _KEPT_LINES) -> str:
    """Return the last lines of a log, indented; a sentence where there is none."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(f"            {line}" for line in text.splitlines()[-lines:]) or "            (the log is empty)"


def start(name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Process:
    """Start a command under the guard, its output appended to `log`. Raises ServiceError where it cannot start."""
    try:
        with log.open("ab") as output:
            guard = subprocess.Popen(
                [sys.executable, "-S", "-E", str(_GUARD), *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
    except OSError as error:
        raise ServiceError(f"{name} cannot be started", got=str(error), where=project.shown(log)) from None
    started = Process(name, guard, log)
    _live.add(started)
    return started
