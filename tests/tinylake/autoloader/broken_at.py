"""The autoloader with one function that always fails: BREAK_AT=module:function. For tests alone."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

from tinylake.autoloader.__main__ import main


def fail(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("broken on purpose")


if __name__ == "__main__":
    module, _, name = os.environ["BREAK_AT"].partition(":")
    setattr(import_module(module), name, fail)
    sys.exit(main())
