"""A snapshot names the table's first schema, whatever it was written under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.table.update import AddSnapshotUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        return original(base, [_forgetting(one) if isinstance(one, AddSnapshotUpdate) else one for one in updates])

    return fit


def _forgetting(update: AddSnapshotUpdate) -> AddSnapshotUpdate:
    return update.model_copy(update={"snapshot": update.snapshot.model_copy(update={"schema_id": 0})})


MUTANT = Mutant(
    name="snapshots_forget_schema",
    sentence="a snapshot names the table's first schema, whatever it was written under",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
