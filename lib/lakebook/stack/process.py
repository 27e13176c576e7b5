"""Processes that end with their owner, kill -9 included."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from lakebook import project
from lakebook.environment import PYTHON_PATH, python_path, snapshot
from lakebook.errors import ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GUARD = Path(__file__).with_name("guard.py")
_KEPT_LINES = 15
_ROOM_BYTES = 1 << 20  # with less, a service cannot even say so
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
                todo="read the log, mend what it names, and start again",
            )

    def log_end(self) -> str:
        """Return the last lines of the log, indented."""
        return last_lines(self.log)

    def listens(self, port: int) -> bool:
        """Tell whether the command, or a process that it started, is what listens on a port."""
        try:
            found = [one for child in psutil.Process(self.pid).children(recursive=True) for one in _sockets(child)]
        except psutil.NoSuchProcess:
            return False
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in found)

    def stop(self) -> None:
        """Ask the command to end, then end it and everything that it started."""
        if self.alive():
            self.guard.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.guard.wait(TIMEOUTS.service_stop)
        if self.alive():
            self._kill()
        if self.guard.stdin:
            with suppress(OSError):
                self.guard.stdin.close()
        _live.discard(self)

    def kill(self) -> None:
        """Kill the command and everything that it started, at once and unasked, as kill -9 does."""
        if self.alive():
            self._kill()
        self.stop()

    def _kill(self) -> None:
        """Have the guard kill the command with all that it started; where it does not, kill the guard."""
        if self.guard.stdin:
            with suppress(OSError, ValueError):  # it ended meanwhile
                self.guard.stdin.write(b"k")
                self.guard.stdin.flush()
        try:
            self.guard.wait(TIMEOUTS.service_stop)
        except subprocess.TimeoutExpired:
            self.guard.kill()
            self.guard.wait(TIMEOUTS.service_stop)


def _sockets(process: psutil.Process) -> list[Any]:
    try:
        return list(process.net_connections("tcp"))
    except psutil.NoSuchProcess:
        return []


def end_all() -> None:
    """End every process that this one started and has not stopped, side by side: for interrupts."""
    for one in list(_live):
        if one.alive():
            one.guard.terminate()
    for one in list(_live):
        one.stop()


def last_lines(log: Path, lines: int = _KEPT_LINES) -> str:
    """Return the last lines of a log, indented; a sentence where there is none."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    shown = text.splitlines()[-lines:] or ["(the log is empty)"]
    if shutil.disk_usage(log.parent).free < _ROOM_BYTES:
        shown.append("(no space is left on the disk, for this log neither)")
    return "\n".join(f"            {line}" for line in shown)


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
    runs_in: Path | None = None,
    without: str = "",
) -> Process:
    """Start a command under the guard, its output appended to `log`. Raises ServiceError where it cannot start.

    It has this process's environment and `environment`; variables whose name starts with `without` are left out.
    `folder` is removed where this process dies before the command has ended, so that kill -9 leaves no data behind.
    The command `runs_in` a folder, this process's own unless told: there it leaves what it writes unasked.
    """
    try:
        with log.open("ab") as output:
            guard = subprocess.Popen(
                [sys.executable, "-S", "-E", str(_GUARD), str(folder or ""), *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**_inherited(without), **environment},
                start_new_session=True,
                cwd=runs_in,
            )
    except OSError as error:
        raise ServiceError(
            f"{name} cannot be started",
            expected=f"{command[0]} started, its output in a log",
            got=str(error.strerror or error),
            where=project.shown(log),
            todo="free space, or mend the permissions of .lakebook",
        ) from None
    started = Process(name, guard, log)
    _live.add(started)
    return started


def _inherited(without: str) -> dict[str, str]:
    found = {name: value for name, value in snapshot().items() if not without or not name.startswith(without)}
    return found | {PYTHON_PATH: python_path()} if PYTHON_PATH in found else found
