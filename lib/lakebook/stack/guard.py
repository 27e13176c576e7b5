"""Run as a script, with the standard library alone: runs a command, and ends it and all it started with its owner.

The owner keeps the write end of this process's standard input open. A byte there, or its end, however the owner died,
kills every descendant, in whatever session or process group it is, then this process's own group. Where it was the
end, nobody is left to tidy up: then the folder in the first argument, if one is named, is removed as well.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

TYPE_CHECKING = False  # that of `typing`, which would take as long to import as all the rest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class Child(Protocol):
        """What is guarded: a process of `subprocess`, or one that was forked."""

        def kill(self) -> None:
            """Kill it."""

        def send_signal(self, number: int, /) -> None:
            """Send it a signal."""

        def wait(self) -> int:
            """Return its status once it has ended, negative where a signal ended it."""


_ASKED = (signal.SIGTERM, signal.SIGINT)
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def _parents() -> dict[int, int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents[int(status.parent.name)] = int(fields[1])
    return parents


def descendants(root: int) -> list[int]:
    """Return the ids of the processes below one, nearest first; empty where there is no /proc."""
    parents, found = _parents(), [root]
    for process in found:
        found.extend(child for child, parent in parents.items() if parent == process)
    return found[1:]


def end_descendants() -> None:
    """Kill this process's descendants, those that are started meanwhile included; return once none is left."""
    while found := descendants(os.getpid()):
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:  # each that lost its parent is a child of this process now
                os.waitpid(-1, 0)


def _prctl(option: int, value: int) -> None:
    """Set a property of this process (Linux only)."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only where it is used

        ctypes.CDLL(None).prctl(option, value)


def as_child() -> None:
    """Prepare the guarded process: it ends with the guard too, should that be killed, and hears all signals."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED)


def main(folder: str, *command: str) -> int:
    """Run a command; return its status."""
    return keep(folder, lambda: _started(command))


def _started(command: Sequence[str]) -> Child:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=as_child)  # noqa: PLW1509 - one thread yet


def keep(folder: str, start: Callable[[], Child]) -> int:
    """Guard the process that `start` starts, which calls `as_child` first; return its status."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ASKED)  # until the process is there to hear of it
    child = start()
    ending = threading.Event()

    def watch() -> None:
        owner_lives = bool(os.read(0, 1))
        ending.set()
        with suppress(ProcessLookupError):
            child.kill()
        end_descendants()
        if folder and not owner_lives:
            shutil.rmtree(folder, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    for number in _ASKED:
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED)
    status = child.wait()
    if ending.is_set():
        watcher.join()
    end_descendants()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
