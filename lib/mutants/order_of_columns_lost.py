"""A schema's columns are kept in the order of their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.schema import Schema
from pyiceberg.table.update import AddSchemaUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        return original(base, [_by_id(one) if isinstance(one, AddSchemaUpdate) else one for one in updates])

    return fit


def _by_id(update: AddSchemaUpdate) -> AddSchemaUpdate:
    fields = sorted(update.schema_.fields, key=lambda field: field.field_id)
    return update.model_copy(update={"schema_": Schema(*fields, schema_id=update.schema_.schema_id)})


MUTANT = Mutant(
    name="order_of_columns_lost",
    sentence="a schema's columns are kept in the order of their ids",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
