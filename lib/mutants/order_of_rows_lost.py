"""A table that is made with a sort order has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def new(schema: Any, spec: Any, _order: Any, location: str, properties: Any) -> Any:
        return original(schema, spec, None, location, properties)

    return new


MUTANT = Mutant(
    name="order_of_rows_lost",
    sentence="a table that is made with a sort order has none",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.metadata:new",
    replacement=_replacement,
    finds=("CAT-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
