"""`python -m lakebook.stack.daemons.fake_gcs PORT MODULE FAKE_GCS_SERVER`: Google's storage, emulated, behind a gate.

The emulator asks nobody who they are, and listens on a port that nobody is told; the gate, a module, asks. Both are
children of this process: it ends them when it is told to, and when one of them ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from lakebook.stack import ports

if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def _commands(port: str, module: str, binary: str) -> dict[str, tuple[str, ...]]:
    behind, where = str(ports.free()), f"http://{ports.LOOPBACK}"
    listens = ("-scheme", "http", "-host", ports.LOOPBACK, "-port", behind, "-external-url", f"{where}:{port}")
    gate = ("--host", ports.LOOPBACK, "--port", port, "--emulator", f"{where}:{behind}")
    return {
        "fake-gcs-server": (binary, *listens, "-backend", "memory", "-log-level", "warn"),
        module: (sys.executable, "-m", module, *gate),
    }


def _asked(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(port: str, module: str, binary: str) -> int:
    """Run both until they are told to end, or one of them ends; return a status."""
    signal.signal(signal.SIGTERM, _asked)
    children: dict[int, tuple[str, subprocess.Popen[bytes]]] = {}
    try:
        for name, command in _commands(port, module, binary).items():
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            children[child.pid] = (name, child)
        ended, status = os.wait()
        sys.stderr.write(f"{children[ended][0]} ended with status {os.waitstatus_to_exitcode(status)}\n")
    finally:
        for _, child in children.values():
            child.kill()
        for _, child in children.values():
            child.wait()
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
