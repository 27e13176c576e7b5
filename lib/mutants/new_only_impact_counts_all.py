"""The impact of a new-only refresh counts every file as to be processed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def impact_of(service: Any, ingestion: Any, _mode: str) -> Any:
        return original(service, ingestion, "full")

    return impact_of


MUTANT = Mutant(
    name="new_only_impact_counts_all",
    sentence="the impact of a new-only refresh counts every file as to be processed",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:impact_of",
    replacement=_replacement,
    finds=("REF-06", "REF-07"),
)

if __name__ == "__main__":
    MUTANT.serve()
