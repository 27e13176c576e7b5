"""A column that was dropped and comes back gets its old field id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.schema import Schema
from pyiceberg.table.update import AddSchemaUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        return original(
            base, [_with_old_ids(base, one) if isinstance(one, AddSchemaUpdate) else one for one in updates]
        )

    return fit


def _with_old_ids(base: Any, update: AddSchemaUpdate) -> AddSchemaUpdate:
    taken = {field.field_id for field in update.schema_.fields}
    fields = [field.model_copy(update={"field_id": _old_id(base, field, taken)}) for field in update.schema_.fields]
    return update.model_copy(update={"schema_": Schema(*fields, schema_id=update.schema_.schema_id)})


def _old_id(base: Any, field: Any, taken: set[int]) -> Any:
    before = [one.field_id for schema in base.schemas for one in schema.fields if one.name == field.name]
    return next((identifier for identifier in before if identifier not in taken), field.field_id)


MUTANT = Mutant(
    name="field_id_reused",
    sentence="a column that was dropped and comes back gets its old field id",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-05", "EVO-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
