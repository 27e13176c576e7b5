"""Run as a script, with the standard library alone: runs a command, and ends it and all it started with its owner.

The owner keeps the write end of this process's standard input open. End of file there, however the owner died, kills
every descendant, in whatever session or process group it is, then this process's own group.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


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


def end_everything() -> None:
    """Kill this process's descendants, and then its group with itself."""
    for process in descendants(os.getpid()):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.killpg(0, signal.SIGKILL)


def _adopt_orphans() -> None:
    """Make descendants whose parent died children of this process, so that none is lost (Linux only)."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only where it is used

        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def main() -> int:
    """Run the command in the arguments; return its status."""
    _adopt_orphans()
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def watch() -> None:
        os.read(0, 1)
        end_everything()

    threading.Thread(target=watch, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    status = child.wait()
    for process in descendants(os.getpid()):
        os.kill(process, signal.SIGKILL)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
