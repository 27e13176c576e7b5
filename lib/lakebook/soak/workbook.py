"""A copy of the workbook for the time of a soak, so that whatever is found in it is the soak's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from lakebook import poll, project
from lakebook.stack import process
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PARTS = ("notebooks", "parameters")


@dataclass(frozen=True, slots=True)
class Copy:
    """Notebooks, parameters and `.lakebook` of its own; `temporary` is what its commands take for /tmp."""

    home: Path
    temporary: Path

    def start(self, name: str, *arguments: str, module: str = "lakebook.cli") -> process.Process:
        """Start the command, or another module, in this copy; its output goes to a log beside it."""
        return process.start(
            name,
            [sys.executable, "-m", module, *arguments],
            log=self.home / f"{name}.log",
            environment={"LAKEBOOK_HOME": str(self.home), "TMPDIR": str(self.temporary), "NO_COLOR": "1"},
        )

    def command(self, name: str, *arguments: str) -> int:
        """Run the command in this copy to its end; return its status."""
        started = self.start(name, *arguments)
        try:
            return started.guard.wait()
        finally:
            started.stop()

    def left(self) -> list[str]:
        """Return what is left of commands that have ended: processes with their ports, folders, temporary files."""
        folders = [*(self.home / ".lakebook" / "stacks").glob("*"), *self.temporary.iterdir()]
        return [*map(_shown, self._processes()), *(f"folder {folder.name}" for folder in folders)]

    def _processes(self) -> list[psutil.Process]:
        return [one for one in psutil.process_iter() if one.pid != os.getpid() and self._mine(one)]

    def _mine(self, one: psutil.Process) -> bool:
        try:
            return one.status() != psutil.STATUS_ZOMBIE and one.environ().get("LAKEBOOK_HOME") == str(self.home)
        except psutil.Error:  # it ended, or is another user's
            return False

    @contextmanager
    def stack(self, profile: str) -> Iterator[Path]:
        """Lend a stack that every command in this copy uses, as that of `lakebook up`, but that ends with this process.

        Yields its file. Raises ServiceError where it does not start.
        """
        owner = self.start("stack", profile, module="lakebook.stack.owner")
        try:
            ready = partial(self._stack_files, owner)
            yield poll.until(ready, what=f"the stack of {profile}", deadline_seconds=TIMEOUTS.service_ready)[0]
        finally:
            owner.guard.terminate()
            with suppress(subprocess.TimeoutExpired):  # its services end one after the other
                owner.guard.wait(TIMEOUTS.service_ready)
            owner.stop()

    def _stack_files(self, owner: process.Process) -> list[Path]:
        owner.require_alive()
        return list((self.home / ".lakebook" / "stacks").glob("*/stack.json"))

    def results(self) -> dict[str, dict[str, Any]]:
        """Return the results of all runs in this copy, by the name of the run."""
        files = (self.home / ".lakebook" / "runs").glob("*/results.json")
        return {file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in files}


def _shown(one: psutil.Process) -> str:
    try:
        ports = [socket.laddr.port for socket in one.net_connections("tcp") if socket.status == psutil.CONN_LISTEN]
        return f"process {one.pid} {' '.join(one.cmdline())[:80]}{f', listening on {ports}' if ports else ''}"
    except psutil.Error:
        return f"process {one.pid}"


@contextmanager
def copy(of_profiles: Sequence[str]) -> Iterator[Copy]:
    """Lend a copy of this workbook; kept in `.lakebook/soak`, its temporary folder removed at the end."""
    base = project.state() / "soak"
    base.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=f"{'-'.join(of_profiles)}-", dir=base))
    for part in _PARTS:
        shutil.copytree(project.root() / part, home / part)
    # short, for sockets are in it
    temporary = Path(tempfile.mkdtemp(prefix="lbs-", dir="/tmp"))
    try:
        yield Copy(home.resolve(), temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
