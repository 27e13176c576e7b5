"""A table is made with a column that no file has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def create(catalog: Any, namespace: str, table: str, row: Any, *rest: Any) -> Any:
        return original(catalog, namespace, table, pa.struct([*row, pa.field("_source_file", pa.string())]), *rest)

    return create


MUTANT = Mutant(
    name="column_invented",
    sentence="a table is made with a column that no file has",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.destination:create",
    replacement=_replacement,
    finds=("ING-05",),
)

if __name__ == "__main__":
    MUTANT.serve()
