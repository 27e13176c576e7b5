"""The catalog writes the settings of its store, its key among them, into each new table's properties."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def new(schema: Any, spec: Any, order: Any, place: str, properties: dict[str, str]) -> Any:
        key = os.environ["TINYLAKE_CATALOG_S3_SECRET_ACCESS_KEY"]
        return original(schema, spec, order, place, {**properties, "catalog.store.secret": key})

    return new


MUTANT = Mutant(
    name="key_among_properties",
    sentence="the catalog writes the settings of its store, its key among them, into each new table's properties",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.metadata:new",
    replacement=_replacement,
    finds=("VEND-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
