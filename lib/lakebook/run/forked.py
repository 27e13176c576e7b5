"""A child process that is a copy of this one: what `subprocess.Popen` is for a command."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RAISED = 1


class Forked:
    """A forked child, with as much of Popen as a guard and a kernel's manager use."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the child's status, negative where a signal ended it; None while it runs."""
        return self._reaped(os.WNOHANG)

    def wait(self) -> int:
        """Return the child's status once it has ended."""
        status = self._reaped(0)
        return _RAISED if status is None else status

    def _reaped(self, options: int) -> int | None:
        if self.returncode is None:
            with suppress(ChildProcessError):  # somebody else reaped it: its status is lost
                pid, status = os.waitpid(self.pid, options)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
                return self.returncode
            self.returncode = _RAISED
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the child, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the child."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the child to end."""
        self.send_signal(signal.SIGTERM)


def fork(work: Callable[[], int]) -> Forked:
    """Run a function in a copy of this process, which ends with the status that it returns; return that child."""
    pid = os.fork()
    if pid:
        return Forked(pid)
    status = _RAISED
    try:
        status = work()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - nothing of the original's stack may run in its copy
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
