"""The kinds of services that a profile may name: one module each, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from lakebook.stack.service import Service


@cache
def kinds() -> tuple[str, ...]:
    """Return the names of all kinds of services."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def get(kind: str) -> Service:
    """Return a kind of service. Raises ConfigurationError for an unknown one."""
    if kind not in kinds():
        near = get_close_matches(kind, kinds(), n=1)
        raise ConfigurationError(
            f"there is no service {kind}",
            expected=" or ".join(kinds()),
            got=kind,
            todo=f"did you mean {near[0]}?" if near else "mend the profile",
        )
    service: Service = importlib.import_module(f"{__name__}.{kind}").SERVICE
    return service
