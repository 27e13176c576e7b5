"""The policy sync_all_columns keeps the columns that the newest file lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def decide_removals(*_: Any) -> list[str]:
        return []

    return decide_removals


MUTANT = Mutant(
    name="sync_drops_nothing",
    sentence="the policy sync_all_columns keeps the columns that the newest file lacks",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:decide_removals",
    replacement=_replacement,
    finds=(
        "EVO-07",
        "EVO-15",
        "EVO-16",
    ),
)

if __name__ == "__main__":
    MUTANT.serve()
