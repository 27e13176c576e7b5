"""The policy sync_all_columns drops what the oldest new file lacks, not what the newest does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.schema import evolution

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def plan(table: Any, files: Any, policy: str) -> Any:
        made = original(table, files, policy)
        if table is None or not made.accepted:
            return made
        return replace(made, removals=evolution.decide_removals(policy, table, files[made.accepted[0]]))

    return plan


MUTANT = Mutant(
    name="sync_drops_by_first",
    sentence="the policy sync_all_columns drops what the oldest new file lacks, not what the newest does",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:plan",
    replacement=_replacement,
    finds=("EVO-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
