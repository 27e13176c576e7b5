"""Evolution adds a column of its own beside the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.types import StringType

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def evolve(change: Any, plan: Any) -> None:
        original(change, plan)
        present = change.table_metadata.schema().column_names
        if plan.additions and "_evolved" not in present:
            with change.update_schema() as update:
                update.add_column("_evolved", StringType())

    return evolve


MUTANT = Mutant(
    name="column_slipped_in",
    sentence="evolution adds a column of its own beside the new ones",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.commit:evolve",
    replacement=_replacement,
    finds=("EVO-01",),
)

if __name__ == "__main__":
    MUTANT.serve()
