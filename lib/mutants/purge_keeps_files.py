"""A purge drops the table and leaves its files where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def drop(catalog: Any, name: Any, *, purge: bool) -> None:
        del purge
        original(catalog, name, purge=False)

    return drop


MUTANT = Mutant(
    name="purge_keeps_files",
    sentence="a purge drops the table and leaves its files where they are",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.removal:drop",
    replacement=_replacement,
    finds=("CAT-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
