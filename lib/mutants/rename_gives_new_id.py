"""A column that is renamed gets a new field id, and so loses its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.schema import Schema
from pyiceberg.table.update import AddSchemaUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        return original(base, [_anew(base, one) if isinstance(one, AddSchemaUpdate) else one for one in updates])

    return fit


def _anew(base: Any, update: AddSchemaUpdate) -> AddSchemaUpdate:
    known = {field.field_id: field.name for schema in base.schemas for field in schema.fields}
    new_id = base.last_column_id + 1
    fields = [
        field if known.get(field.field_id, field.name) == field.name else field.model_copy(update={"field_id": new_id})
        for field in update.schema_.fields
    ]
    return update.model_copy(update={"schema_": Schema(*fields, schema_id=update.schema_.schema_id)})


MUTANT = Mutant(
    name="rename_gives_new_id",
    sentence="a column that is renamed gets a new field id, and so loses its values",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
