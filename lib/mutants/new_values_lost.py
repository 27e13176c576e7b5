"""A new column is added, and its values are not written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def conform(batch: Any, wanted: Any) -> Any:
        rows = original(batch, wanted)
        place = rows.schema.get_field_index("region")
        if place < 0:
            return rows
        return rows.set_column(place, rows.schema.field(place), pa.nulls(rows.num_rows, rows.schema.field(place).type))

    return conform


MUTANT = Mutant(
    name="new_values_lost",
    sentence="a new column is added, and its values are not written",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.writer:conform",
    replacement=_replacement,
    finds=("EVO-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
