"""The autoloader, which kills itself where KILL_AT=module:function would be called. For tests alone."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any, NoReturn

from tinylake.autoloader.__main__ import main


def die(*_: Any, **__: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


if __name__ == "__main__":
    module, _, name = os.environ["KILL_AT"].partition(":")
    setattr(import_module(module), name, die)
    sys.exit(main())
