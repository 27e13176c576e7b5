"""Two runs of one ingestion are under way at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def claim(engine: Any, ingestion_id: str, work: str) -> bool:
        idle = bool(original(engine, ingestion_id, work))
        return idle or work.startswith("run-")

    return claim


MUTANT = Mutant(
    name="claim_always_granted",
    sentence="two runs of one ingestion are under way at the same moment",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.ingestions:claim",
    replacement=_replacement,
    finds=("ING-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
