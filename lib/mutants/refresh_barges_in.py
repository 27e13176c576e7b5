"""A refresh does not look whether a run is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def claim(engine: Any, ingestion_id: str, work: str) -> bool:
        return bool(original(engine, ingestion_id, work)) or work == "refresh"

    return claim


MUTANT = Mutant(
    name="refresh_barges_in",
    sentence="a refresh does not look whether a run is under way",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.ingestions:claim",
    replacement=_replacement,
    finds=("REF-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
