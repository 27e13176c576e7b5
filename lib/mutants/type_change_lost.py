"""A schema that differs from one that the table has in its types alone is taken for that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyiceberg.table.update import AddSchemaUpdate

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def fit(base: Any, updates: Any) -> Any:
        return original(base, [_as_known(base, one) if isinstance(one, AddSchemaUpdate) else one for one in updates])

    return fit


def _as_known(base: Any, update: AddSchemaUpdate) -> AddSchemaUpdate:
    same = [schema for schema in base.schemas if _names(schema) == _names(update.schema_)]
    return update.model_copy(update={"schema_": same[0]}) if same else update


def _names(schema: Any) -> list[tuple[int, str]]:
    return [(field.field_id, field.name) for field in schema.fields]


MUTANT = Mutant(
    name="type_change_lost",
    sentence="a schema that differs from one that the table has in its types alone is taken for that one",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.updates:fit",
    replacement=_replacement,
    finds=("EVO-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
