"""A table can be given a name that is taken, and the table that had it is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import tables

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def rename(connection: Any, source: Any, target: Any) -> None:
        if tables.find(connection, source) and tables.find(connection, target):
            tables.remove(connection, target)
        original(connection, source, target)

    return rename


MUTANT = Mutant(
    name="rename_takes_over",
    sentence="a table can be given a name that is taken, and the table that had it is lost",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.tables:rename",
    replacement=_replacement,
    finds=("CAT-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
