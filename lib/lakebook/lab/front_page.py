"""The start page, filled: `notebooks/start.ipynb`, executed by a process of its own."""

from __future__ import annotations

import sys
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from lakebook import project
from lakebook.lab import server, trusted
from lakebook.stack import process
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTEBOOK = "start.ipynb"


def begin(environment: Mapping[str, str], private: Path) -> process.Process:
    """Begin to execute the start notebook in an environment, as `made` awaits it. `private` takes its sockets."""
    log = server.folder() / "start.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", __name__, str(private)]
    return process.start("the start page", command, log=log, environment=environment)


def made(begun: process.Process) -> Path:
    """Return the executed start notebook, once it is. Raises ServiceError, with the end of its log, where it is not."""
    try:
        if begun.guard.wait() != 0:
            begun.require_alive()
    finally:
        begun.stop()
    return server.folder() / NOTEBOOK


def main(private: str) -> None:
    """Execute the start notebook; what one of its cells raises stands in its output."""
    from nbclient import NotebookClient  # noqa: PLC0415 - slow to import

    notebook = nbformat.read(project.root() / "notebooks" / NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(server.folder())}},
        allow_errors=True,
        timeout=ceil(TIMEOUTS.cell),
        startup_timeout=ceil(TIMEOUTS.kernel_start),
        shutdown_kernel="immediate",
    )
    client.km = client.create_kernel_manager()
    client.km.transport, client.km.ip = "ipc", str(Path(private) / "start")
    client.execute()
    trusted.write(notebook, server.folder() / NOTEBOOK)


if __name__ == "__main__":
    main(*sys.argv[1:])
