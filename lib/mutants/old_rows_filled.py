"""Old rows get a value in a column that is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def apply(table: Any, prepared: Any) -> None:
        original(table, prepared)
        if any(addition.name == "region" for addition in prepared.plan.additions):
            table.refresh()
            rows = table.scan().to_arrow()
            place = rows.schema.get_field_index("region")
            table.overwrite(rows.set_column(place, "region", pc.fill_null(rows.column(place), "unknown")))

    return apply


MUTANT = Mutant(
    name="old_rows_filled",
    sentence="old rows get a value in a column that is new",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.commit:apply",
    replacement=_replacement,
    finds=("EVO-01", "EVO-02"),
)

if __name__ == "__main__":
    MUTANT.serve()
