"""A schema version names every file of its run, whether it brought a change or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def has(*_: Any) -> bool:
        return True

    return has


MUTANT = Mutant(
    name="every_file_blamed",
    sentence="a schema version names every file of its run, whether it brought a change or not",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:_has",
    replacement=_replacement,
    finds=("EVO-16",),
)

if __name__ == "__main__":
    MUTANT.serve()
