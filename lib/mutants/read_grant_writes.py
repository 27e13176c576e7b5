"""A reader gets the same key as a writer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def for_table(location: str, _grant: Any) -> dict[str, Any]:
        allowed: dict[str, Any] = original(location, "write")
        return allowed

    return for_table


MUTANT = Mutant(
    name="read_grant_writes",
    sentence="a reader gets the same key as a writer",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:for_table",
    replacement=_replacement,
    finds=("VEND-06",),
)

if __name__ == "__main__":
    MUTANT.serve()
