"""The process behind `lakebook up`: it owns one stack until `lakebook down` ends it, or until a service dies."""

from __future__ import annotations

import signal
import sys
import threading

from lakebook import log, profile
from lakebook.errors import LakebookError
from lakebook.stack import stack


def main(name: str) -> int:
    """Start the profile's stack, say that it is ready, and keep it until asked to end. Return the exit status."""
    log.configure()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    try:
        running = stack.start(profile.load(name), shared=True, tell=_tell)
    except LakebookError as error:
        sys.stdout.write(f"failed {error.exit_status}\n{error}\n")
        return error.exit_status
    sys.stdout.write(f"running {running.file}\n")
    sys.stdout.flush()
    ended.wait()
    running.stop()
    return 0


def _tell(service: str, what: str) -> None:
    sys.stdout.write(f"{service} {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
