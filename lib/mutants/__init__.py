"""Planted defects. Each module starts a service of the embedded profile with one function replaced.

`python -m mutants.NAME` takes what the service itself takes; the stack starts it in the service's place where the
profile says so: LAKEBOOK__CATALOG__MODULE=mutants.NAME, say. Neither lakebook nor tinylake knows of any.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutants.mutant import Mutant

_FRAME = "mutant"


def every() -> list[Mutant]:
    """Return all mutants, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != _FRAME)
    return [importlib.import_module(f"{__name__}.{name}").MUTANT for name in names]
