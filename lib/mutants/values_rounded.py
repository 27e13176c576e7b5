"""Numbers are rounded on their way into the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def conform(batch: Any, wanted: Any) -> Any:
        rows = original(batch, wanted)
        place = rows.schema.get_field_index("value")
        return rows.set_column(place, rows.schema.field(place), pc.round(rows.column(place), 1))

    return conform


MUTANT = Mutant(
    name="values_rounded",
    sentence="numbers are rounded on their way into the table",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.writer:conform",
    replacement=_replacement,
    finds=("ING-04", "ING-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
