"""Commands that come to an end: what one said, and nothing of it left running, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess


def run(command: tuple[str, ...], *, seconds: float) -> tuple[int, str]:
    """Run a command to its end; return its status and what it said. However that ends, nothing of it is left running.

    Raises OSError where there is no such command, TimeoutExpired where it takes too long.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return process.returncode, said
