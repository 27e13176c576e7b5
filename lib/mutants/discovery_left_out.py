"""The total of a cost estimate leaves discovery out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def estimate(files: int, size: int, frequency: str | None) -> dict[str, Any]:
        found: dict[str, Any] = original(files, size, frequency)
        return {**found, "total_monthly": round(found["compute_monthly"] + found["storage_monthly"], 6)}

    return estimate


MUTANT = Mutant(
    name="discovery_left_out",
    sentence="the total of a cost estimate leaves discovery out",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.cost:estimate",
    replacement=_replacement,
    finds=("ING-27",),
)

if __name__ == "__main__":
    MUTANT.serve()
