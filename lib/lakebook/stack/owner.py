"""The process behind `lakebook up`: it owns one stack until `lakebook down` ends it."""

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
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        with stack.lent(profile.load(name), shared=True, tell=_tell) as running:
            _say(f"running {running.file}")
            threading.Event().wait()
    except LakebookError as error:
        _say(f"failed {error.exit_status}\n{error}")
        return error.exit_status
    except KeyboardInterrupt:
        return 0
    return 0


def _interrupt(_number: int, _frame: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # once is enough: what follows is the tidying up
    raise KeyboardInterrupt


def _tell(service: str, what: str) -> None:
    _say(f"{service} {what}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
