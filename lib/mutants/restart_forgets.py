"""A catalog that is started again begins with an empty database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def from_environment(environment: Any) -> Any:
        settings = original(environment)
        return settings.model_copy(update={"database": f"{settings.database}.{os.getpid()}"})

    return from_environment


MUTANT = Mutant(
    name="restart_forgets",
    sentence="a catalog that is started again begins with an empty database",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.settings:from_environment",
    replacement=_replacement,
    finds=("CAT-06",),
)

if __name__ == "__main__":
    MUTANT.serve()
