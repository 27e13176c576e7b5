"""A PostgreSQL of the tests' own: one server on a free loopback port, and databases in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psutil
import psycopg
import pytest
import servers

from lakebook.stack import ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MISSING = "these tests need PostgreSQL 15 or newer: apt-get install -y --no-install-recommends postgresql-15"
USER = "nobody"  # initdb and postgres refuse to be root


@dataclass(slots=True)
class Postgres:
    """A server, with everything on the disk before it is acknowledged (fsync is on)."""

    port: int
    programs: Path
    data: Path
    log: Path
    server: servers.Server | None = None

    def database(self) -> str:
        """The address of a new, empty database, as TINYLAKE_CATALOG_DATABASE has it."""
        name = f"d{uuid4().hex[:12]}"
        with psycopg.connect(self._address("postgresql", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address("postgresql+psycopg", name)

    def start(self) -> None:
        """Starts it on its data; returns when it answers."""
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*_as_user(), str(self.programs / "postgres"), "-D", str(self.data), "-N", "200", *options]
        self.server = servers.launch(command, self.log)
        servers.poll(f"PostgreSQL, log {self.log}", self._answers)

    def kill(self) -> None:
        """Kill -9, and all its processes are gone: those that it gave sessions of their own end when they see it."""
        assert self.server is not None
        family = psutil.Process(self.server.process.pid).children(recursive=True)
        self.server.kill()
        _, alive = psutil.wait_procs(family, timeout=servers.STOP_SECONDS)
        assert not alive

    def stop(self) -> None:
        """SIGINT: SIGTERM would wait for every client to leave."""
        if self.server is None or self.server.process.poll() is not None:
            return
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        try:
            self.server.process.wait(servers.STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.server.kill()

    def _answers(self) -> bool:
        assert self.server is not None
        assert self.server.process.poll() is None, f"ended before it was ready:\n{self.log.read_text()}"
        try:
            psycopg.connect(self._address("postgresql", "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _address(self, scheme: str, database: str) -> str:
        return f"{scheme}://postgres@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A server whose log is in `folder`; ends with the block. Red, with the command that helps, where there is none.

    Its data lie where its user can reach them, which a folder of pytest's is not.
    """
    programs = _programs()
    data = Path(tempfile.mkdtemp(prefix="tinylake-postgres-"))
    made = Postgres(ports.free(), programs, data, folder / "postgres.log")
    try:
        _own(data)
        _make(programs, data)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(data, ignore_errors=True)


def _make(programs: Path, data: Path) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    made = subprocess.run(
        [*_as_user(), str(programs / "initdb"), "-D", str(data), *options], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr


def _programs() -> Path:
    """The folder of the newest PostgreSQL: Debian's place for it, else the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    if found is None:
        pytest.fail(MISSING)
    return Path(found).parent


def _as_user() -> Sequence[str]:
    if os.getuid() != 0:
        return ()
    return ("setpriv", f"--reuid={USER}", "--regid=nogroup", "--clear-groups")


def _own(data: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(data, USER, "nogroup")
