"""A purge removes what begins like the table, its neighbour included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def keys(store: Any, location: str) -> list[str]:
        found: list[str] = original(store, location.rstrip("/"))
        return found

    return keys


MUTANT = Mutant(
    name="purge_takes_neighbour",
    sentence="a purge removes what begins like the table, its neighbour included",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.store:Store.keys",
    replacement=_replacement,
    finds=("CAT-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
