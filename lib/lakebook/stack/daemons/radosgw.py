"""`python -m lakebook.stack.daemons.radosgw FOLDER PORT`: Ceph's object gateway, with a monitor and a store of its own.

The three daemons run in the foreground, as children of this process: it ends them all when it is told to, and when one
of them ends. Objects are in memory.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import poll
from lakebook.errors import LakebookError, ServiceError
from lakebook.stack import ports
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

CONFIGURATION = "ceph.conf"
_TEMPLATE = Path(__file__).with_name("ceph.conf.template")


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Where the daemons keep what they need, and those that run."""

    folder: Path
    monitor_port: int = field(default_factory=ports.free)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    daemons: dict[int, str] = field(default_factory=dict)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def configure(self, port: int) -> None:
        """Write the configuration, and make the folders that it names."""
        for name in ("run", "mon", "osd", "rgw"):
            (self.folder / name).mkdir()
        text = _TEMPLATE.read_text(encoding="utf-8")
        values = {"folder": self.folder, "fsid": self.id, "port": port}
        sessions_key = secrets.token_hex(8)  # 16 characters, which encrypt session tokens
        written = text.format(**values, sessions_key=sessions_key)
        (self.folder / CONFIGURATION).write_text(written, encoding="utf-8")

    def run(self, *command: str) -> None:
        """Run a command to its end. Raises ServiceError, with what it said, where it fails."""
        done = subprocess.run(self._configured(*command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServiceError(f"{command[0]} failed", expected="success", got=(done.stdout + done.stderr).strip())

    def start(self, *command: str) -> None:
        """Start a daemon in the foreground."""
        child = subprocess.Popen(self._configured(*command, "-f"), stdin=subprocess.DEVNULL)
        self.children.append(child)
        self.daemons[child.pid] = command[0]

    def _configured(self, *command: str) -> tuple[str, ...]:
        return (*command, "-c", str(self.folder / CONFIGURATION))

    def register(self, store: str) -> None:
        """Tell the monitor of a store, once it listens."""
        command = self._configured("ceph", "--connect-timeout", str(int(TIMEOUTS.service_probe)), "osd", "new", store)
        poll.until(
            lambda: self._taken(command),
            what="the monitor to know of its store",
            deadline_seconds=TIMEOUTS.service_ready,
            longest_pause_seconds=0.1,
        )

    def _taken(self, command: tuple[str, ...]) -> bool:
        if ended := [child for child in self.children if child.poll() is not None]:
            raise ServiceError(f"{self.daemons[ended[0].pid]} ended with status {ended[0].returncode}")
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def wait(self) -> str:
        """Return which daemon ended first, and how."""
        child, status = os.wait()
        return f"{self.daemons[child]} ended with status {os.waitstatus_to_exitcode(status)}"

    def end(self) -> None:
        """Kill all daemons: they hold nothing that outlives them, and asked, they take seconds."""
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait()


def _start(cluster: _Cluster, port: int) -> None:
    store, folder = str(uuid.uuid4()), cluster.folder
    cluster.configure(port)
    address = f"[v1:{ports.LOOPBACK}:{cluster.monitor_port}]"
    cluster.run("monmaptool", "--create", "--fsid", cluster.id, "--addv", "a", address, str(folder / "monmap"))
    cluster.run("ceph-mon", "--mkfs", "-i", "a")
    cluster.start("ceph-mon", "-i", "a")
    cluster.register(store)
    cluster.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store)
    # It would ask the monitor for settings by a client of its own, then keep the address alone: what it commands before
    # the map arrives again names no cluster, and is refused. Where it does not ask, it starts from the map in the file.
    cluster.start("ceph-osd", "-i", "0", "--no-mon-config")
    cluster.start("radosgw", "-n", "client.rgw.a", "--rgw-data", str(folder / "rgw"))


def _asked(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(folder: str, port: str) -> int:
    """Run the three until they are told to end, or one of them ends; return a status."""
    signal.signal(signal.SIGTERM, _asked)
    cluster = _Cluster(Path(folder))
    try:
        _start(cluster, int(port))
        sys.stderr.write(f"{cluster.wait()}\n")
    except LakebookError as error:
        sys.stderr.write(f"{error}\n")
    finally:
        cluster.end()
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
