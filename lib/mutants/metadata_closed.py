"""The vended key opens the table's data folder, but not its metadata folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def for_table(location: str, grant: Any) -> dict[str, Any]:
        allowed: dict[str, Any] = original(f"{location.rstrip('/')}/data", grant)
        return allowed

    return for_table


MUTANT = Mutant(
    name="metadata_closed",
    sentence="the vended key opens the table's data folder, but not its metadata folder",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:for_table",
    replacement=_replacement,
    finds=("VEND-01", "VEND-04"),
)

if __name__ == "__main__":
    MUTANT.serve()
