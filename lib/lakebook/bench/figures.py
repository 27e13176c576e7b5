"""The figures that there are: every module of this package that has one."""

from __future__ import annotations

import importlib
import pkgutil

from lakebook import bench
from lakebook.bench.figure import Figure


def every() -> dict[str, Figure]:
    """Return the figures by name, in the order of their modules' names."""
    modules = [importlib.import_module(f"{bench.__name__}.{one.name}") for one in pkgutil.iter_modules(bench.__path__)]
    found = [module.FIGURE for module in modules if isinstance(getattr(module, "FIGURE", None), Figure)]
    return {figure.name: figure for figure in found}
