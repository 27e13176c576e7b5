"""An append makes the schema that it was made on the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.table.update import AddSnapshotUpdate, SetCurrentSchemaUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        known = {schema.schema_id for schema in base.schemas}
        fitted = original(base, updates)
        made_on = [one.snapshot.schema_id for one in fitted if isinstance(one, AddSnapshotUpdate)]
        return [
            *fitted,
            *(SetCurrentSchemaUpdate.model_validate({"schema-id": schema}) for schema in made_on if schema in known),
        ]

    return fit


MUTANT = Mutant(
    name="append_resets_schema",
    sentence="an append makes the schema that it was made on the current one",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-17",),
)

if __name__ == "__main__":
    MUTANT.serve()
