"""Runs as a process of its own: imports everything once, then forks a guarded worker for each order of its owner.

It has one thread of Python's, opens no connection, and reads nothing of a workbook: what is forked from it begins as a
new process would, but for the second that the imports take. How it ends is its guard's business.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
from functools import partial
from pathlib import Path

import nbformat

from lakebook import s3, web
from lakebook.run import forked, worker
from lakebook.run.job import UNWRITABLE
from lakebook.run.order import Order
from lakebook.stack import guard

# duckdb is not among them: its import starts a thread, which would be missing in a copy.
IMPORTED = (
    "IPython.extensions.storemagic",
    "boto3.s3.inject",
    "grpc._channel",
    "httpcore",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "lakebook.run.engine",
    "lakebook.run.kernel",
    "pandas.io.formats.html",
    "papermill",
    "pyarrow.parquet",
    "pyiceberg.catalog.rest",
    "pyiceberg.io.pyarrow",
    "pyspark.sql.connect.session",
    "sqlite3",
)
WHOLE = ("checks", "data", "lake")  # packages of ours, each module of which some notebook imports


def main(address: str) -> int:
    """Take orders at an address until this process is ended."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        _import_everything()
        gc.collect()
        gc.freeze()  # what is not collected is not copied
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker but its owner
        while True:
            connection, _ = listener.accept()
            with connection:
                forked.fork(partial(_guarded, listener, connection))


def _import_everything() -> None:
    for name in (*IMPORTED, *(f"lakebook.{package}" for package in WHOLE)):
        module = importlib.import_module(name)
        if name.startswith("lakebook."):
            for inner in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
                importlib.import_module(inner.name)
    nbformat.validate(nbformat.v4.new_notebook())  # compiles the schema
    web.trusted()
    s3.client("s3", "http://127.0.0.1", s3.Keys("", ""))  # reads what it knows of S3; nothing is asked


def _guarded(listener: socket.socket, connection: socket.socket) -> int:
    """Guard one worker; tell its status over the connection, whose end ends it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    listener.close()
    order = Order.receive(connection)
    try:
        _write_to(Path(order.log))
    except OSError:
        status = UNWRITABLE
    else:
        os.dup2(connection.fileno(), 0)  # what a guard watches
        status = guard.keep(order.private, lambda: forked.fork(partial(_worker, connection, order)))
    connection.sendall(str(status).encode())
    return 0


def _write_to(log: Path) -> None:
    with log.open("ab") as output:
        for number in (1, 2):
            os.dup2(output.fileno(), number)


def _worker(connection: socket.socket, order: Order) -> int:
    """Be a worker: in the environment and the folder of its owner, with nothing of the guard's."""
    guard.as_child()
    connection.close()
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    return worker.main(order.file, order.private, forks=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
