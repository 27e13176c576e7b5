"""A refresh that is refused during a run has already forgotten the loaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def claim(engine: Any, ingestion_id: str, work: str) -> bool:
        idle = bool(original(engine, ingestion_id, work))
        if work == "refresh" and not idle:
            files.forget(engine, ingestion_id)
        return idle

    return claim


MUTANT = Mutant(
    name="refused_refresh_forgets",
    sentence="a refresh that is refused during a run has already forgotten the loaded files",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.ingestions:claim",
    replacement=_replacement,
    finds=("REF-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
