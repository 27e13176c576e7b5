"""A cost estimate takes every frequency for daily."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def estimate(files: int, size: int, frequency: str | None) -> dict[str, Any]:
        found: dict[str, Any] = original(files, size, frequency and "daily")
        return found

    return estimate


MUTANT = Mutant(
    name="every_frequency_daily",
    sentence="a cost estimate takes every frequency for daily",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.cost:estimate",
    replacement=_replacement,
    finds=("ING-27",),
)

if __name__ == "__main__":
    MUTANT.serve()
