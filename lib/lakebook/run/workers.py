"""How a worker is started: forked from a server that this process keeps, or, where that cannot be, as a command.

Either way it is guarded: it ends with this process, however that ends, and so does all that it started.
"""

from __future__ import annotations

import atexit
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import lakebook
from lakebook import poll
from lakebook.environment import snapshot
from lakebook.errors import ServiceError
from lakebook.run.order import Order
from lakebook.stack import process
from lakebook.timeouts import PREFIX, TIMEOUTS

if TYPE_CHECKING:
    from lakebook.run.job import Job

FORKS = sys.platform == "linux"  # elsewhere system libraries do not survive a fork
_KEYS = "AWS_"
_LATE = (_KEYS, "PYTEST_", "LAKEBOOK_")  # variables that are read late, if at all: not by an import
_AS_A_KERNEL = ("-X", "frozen_modules=off", "-P")  # how Python is started for an ordinary kernel
_lock = threading.Lock()
_servers: dict[object, Server] = {}


class Worker(Protocol):
    """A process that executes one job, under a guard."""

    def wait(self, seconds: float) -> int | None:
        """Return its status once it has ended; None where it was killed. Raises TimeoutError."""

    def kill(self) -> None:
        """Have it ended, with everything that it started, while another thread waits for it."""

    def stop(self) -> None:
        """End it, with everything that it started, if it has not ended."""


def start(job: Job, file: Path, private: Path) -> Worker:
    """Start the worker of a job that is written in a file. Raises ServiceError where that fails."""
    if not FORKS:
        return _command(job, file, private)
    connection = _connection()
    Order(str(file), str(private), str(job.log), str(Path.cwd()), snapshot()).send(connection)
    return _Forked(connection)


def folder() -> Path | None:
    """Return where the private folders of workers lie, to be removed with all else; None for the usual place."""
    return _server().folder if FORKS else None


def prepare() -> None:
    """Start the fork server, and do not wait for it."""
    if FORKS:
        _server()


@dataclass(frozen=True, slots=True)
class _Command:
    """A worker that was started as a command."""

    process: process.Process

    def wait(self, seconds: float) -> int | None:
        try:
            return self.process.guard.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def kill(self) -> None:
        self.process.kill()

    def stop(self) -> None:
        self.process.stop()


def _command(job: Job, file: Path, private: Path) -> _Command:
    command = [sys.executable, "-m", "lakebook.run.worker", str(file), str(private)]
    name = f"{job.scenario} on {job.profile}"
    return _Command(process.start(name, command, log=job.log, environment={}, folder=private))


@dataclass(frozen=True, slots=True)
class _Forked:
    """A worker of the fork server; the other end of the connection is its guard's."""

    connection: socket.socket

    def wait(self, seconds: float) -> int | None:
        self.connection.settimeout(seconds)
        try:
            told = self.connection.recv(16)
        except ConnectionError:
            return None
        return int(told) if told else None

    def kill(self) -> None:
        self.connection.sendall(b"k")

    def stop(self) -> None:
        with self.connection, suppress(OSError):  # its guard has ended meanwhile
            self.connection.sendall(b"k")
            self.connection.settimeout(TIMEOUTS.service_stop)
            while self.connection.recv(16):
                pass


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """A fork server of this process."""

    process: process.Process
    folder: Path
    connections: list[socket.socket] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether none of its workers is left."""
        return all(one.fileno() < 0 for one in self.connections)

    @property
    def address(self) -> str:
        """Where it takes orders."""
        return str(self.folder / "server")

    def connect(self) -> socket.socket:
        """Return a connection, once it takes orders. Raises ServiceError where it has ended, or never does."""
        connection = socket.socket(socket.AF_UNIX)
        poll.until(
            lambda: self._reached(connection),
            what="the fork server to take orders",
            deadline_seconds=TIMEOUTS.kernel_start,
            longest_pause_seconds=TIMEOUTS.poll_interval,
        )
        self.connections.append(connection)
        return connection

    def _reached(self, connection: socket.socket) -> bool:
        self.process.require_alive()
        with suppress(FileNotFoundError, ConnectionRefusedError):  # it has not come so far
            connection.connect(self.address)
            return True
        return False

    def end(self) -> None:
        """End it, with every worker that it forked."""
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.end)


def end() -> None:
    """End the fork servers of this process; the next job that needs one starts it."""
    with _lock:
        while _servers:
            _servers.popitem()[1].end()


def _connection() -> socket.socket:
    """Return a connection to the fork server; to another one where that has died since it took its last order."""
    while True:
        server = _server()
        try:
            return server.connect()
        except ServiceError:
            if not server.connections:
                raise


def _server() -> Server:
    """Return the fork server for an environment such as this process has now; it is started at first use.

    One for another environment is ended once it is idle.
    """
    with _lock:
        asked = _imported_under()
        for other in [one for one, server in _servers.items() if one != asked and server.idle]:
            _servers.pop(other).end()
        found = _servers.get(asked)
        if found is None or not found.process.alive():
            found = _servers[asked] = _started()
        return found


def _imported_under() -> tuple[frozenset[tuple[str, str]], int]:
    """Return what decides how modules are imported: where it has changed, a server that imported them is of no use."""
    early = {
        (name, value) for name, value in snapshot().items() if name.startswith(PREFIX) or not name.startswith(_LATE)
    }
    ours = Path(lakebook.__file__).parent.rglob("*.py")
    return frozenset(early), max(file.stat().st_mtime_ns for file in ours)


def _started() -> Server:
    folder = Path(tempfile.mkdtemp(prefix="lb-"))  # a short path: a socket is in it
    try:
        command = [sys.executable, *_AS_A_KERNEL, "-m", "lakebook.run.fork_server", str(folder / "server")]
        started = process.start(
            "the fork server", command, log=folder / "log", environment={}, folder=folder, without=_KEYS
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    server = Server(started, folder)
    atexit.register(server.end)
    return server
