"""A dry run's impact is a guess, not a listing of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def measure(found: Any) -> dict[str, Any]:
        return {**original(found), "files_to_process": 1, "files_skipped": 0}

    return measure


MUTANT = Mutant(
    name="impact_made_up",
    sentence="a dry run's impact is a guess, not a listing of the source",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:measure",
    replacement=_replacement,
    finds=("REF-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
