"""JupyterLab on loopback, on this workbook: a process that ends with its owner, its address and its token."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from lakebook import poll, project, secret
from lakebook.errors import ConfigurationError, DeadlineError, ServiceError
from lakebook.lake import isolation
from lakebook.stack import health, ports, process
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = "JupyterLab"
REPORTS = "lakebook/runs"
VARIABLE = "LAKEBOOK_LAB"
"""Names the address of the JupyterLab that a kernel belongs to, without its token."""
CONFIG = Path(__file__).with_name("config")
_LONGEST_SOCKET_FOLDER = 45  # the name of a socket may have 104 characters on macOS, of which a kernel's takes 56


@dataclass(frozen=True, slots=True)
class Server:
    """A running JupyterLab. `token` opens everything that this user may do: it is shown to its owner alone."""

    process: process.Process
    url: str
    token: str = field(repr=False)
    folder: Path

    def address(self, file: Path) -> str:
        """Return the address that opens a file of the workbook, the token in it; the file browser shows notebooks."""
        path = quote(file.resolve().relative_to(project.root()).as_posix())
        return f"{self.url}/lab/tree/{path}?{urlencode({'token': self.token, 'file-browser-path': '/notebooks'})}"

    def redirection(self, address: str) -> Path:
        """Return a page for this user's eyes that leads to an address: a browser's command line is seen by all."""
        page = self.folder / "open.html"
        page.touch(mode=0o600)
        page.write_text(f'<meta http-equiv="refresh" content="0; url={address.replace("&", "&amp;")}">')
        return page

    def wait(self) -> None:
        """Wait until JupyterLab ends. Raises ServiceError, with the end of its log, where that was no shutdown."""
        if self.process.guard.wait() != 0:
            self.process.require_alive()


def require_installed() -> None:
    """Raise ConfigurationError where JupyterLab is not in this environment."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise ConfigurationError(
            f"{NAME} is not installed",
            expected="the extra lab, which brings it",
            got=f"an environment without the package {NAME.lower()}",
            todo=" ".join(["uv run --extra lab lakebook", *sys.argv[1:]]),
        )


def folder() -> Path:
    """Return `.lakebook/lab`, where the start page, copies to edit and the log are; made at first use."""
    made = project.state() / "lab"
    try:
        made.mkdir(exist_ok=True)
    except OSError as error:
        raise project.unwritable(made, error) from None
    return made


@contextmanager
def serving(environment: Mapping[str, str], *options: str) -> Iterator[Server]:
    """Run JupyterLab for the time of a `with` block, its kernels in this environment; not necessarily ready yet."""
    require_installed()
    private = Path(tempfile.mkdtemp(prefix="lb-"))  # a short path: the kernels' sockets are in it
    try:
        started = _started(private, environment, options)
        try:
            yield started
        finally:
            started.process.stop()
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _started(private: Path, environment: Mapping[str, str], options: tuple[str, ...]) -> Server:
    port, token = ports.free(), secrets.token_urlsafe(24)
    secret.remember([token])
    log = folder() / "jupyterlab.log"
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={project.root()}",
        f"--LabApp.workspaces_dir={private / 'workspaces'}",  # nothing opens that another JupyterLab had open
        f"--KernelManager.transport={_transport(private)}",
        *options,
    ]
    url = f"http://{ports.LOOPBACK}:{port}"
    given = {**environment, **_own(private), VARIABLE: url, "JUPYTER_TOKEN": token}
    with isolation.no_other_keys():  # as in a run: a key of the machine must not help a client that should do without
        launched = process.start(NAME, command, log=log, environment=given, folder=private)
    return Server(launched, url, token, private)


def _own(private: Path) -> dict[str, str]:
    """Return what makes a JupyterLab ours: this workbook, and our settings before the user's."""
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    return {
        "LAKEBOOK_HOME": str(project.root()),
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(CONFIG), *([others] if others else [])]),
        "JUPYTER_RUNTIME_DIR": str(private),
    }


def _transport(private: Path) -> str:
    """Return how JupyterLab reaches its kernels: by sockets that only this user can open, where their names fit."""
    return "ipc" if len(str(private)) <= _LONGEST_SOCKET_FOLDER else "tcp"


def ready(server: Server) -> None:
    """Wait until JupyterLab answers. Raises ServiceError, with the end of its log, where it ends or does not."""
    port = int(server.url.rpartition(":")[2])

    def version() -> str | None:
        server.process.require_alive()
        return health.version(f"{server.url}/api") if server.process.listens(port) else None

    try:
        poll.until(version, what=f"{NAME} to be ready", deadline_seconds=TIMEOUTS.service_ready)
    except DeadlineError:
        raise ServiceError(
            f"{NAME} runs, but does not answer",
            expected=f"ready at {server.url} within {TIMEOUTS.service_ready:g} s",
            got=f"the end of its log:\n{server.process.log_end()}",
            where=project.shown(server.process.log),
            todo="read the log; LAKEBOOK_TIMEOUT_SERVICE_READY=120 gives a slow machine more seconds",
        ) from None
