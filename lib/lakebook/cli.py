"""The command `lakebook`: every file of `lakebook.commands` is a subcommand or a few."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
from pathlib import Path

from rich.console import Console

from lakebook import commands, project
from lakebook.commands.app import app
from lakebook.errors import LakebookError
from lakebook.timeouts import Timeouts

_INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

for _module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{_module.name}")


def main() -> None:
    """Run the command; an error is one clear message and an exit status: 1 red, 2 wrong usage, 130 interrupted."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        Timeouts.from_environment()  # a wrong one is told here
        app()
    except LakebookError as error:
        _fail(error)
    except OSError as error:
        _fail(project.unwritable(Path(error.filename or ".lakebook"), error))
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended, SystemExit) and ended.code != _INTERRUPTED:
            raise
        sys.stderr.write("interrupted; everything that was started has been stopped\n")
        sys.exit(_INTERRUPTED)


def _fail(error: LakebookError) -> None:
    Console(stderr=True, highlight=False).print(str(error), soft_wrap=True, markup=False)
    sys.exit(error.exit_status)


def _interrupt(_number: int, _frame: object) -> None:
    """Interrupt what runs: once. Ending it takes a moment, and another interruption would break off the ending."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
