"""Where a table is missing, the error says that its namespace is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    return errors.no_such_namespace


MUTANT = Mutant(
    name="table_called_namespace",
    sentence="where a table is missing, the error says that its namespace is",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.errors:no_such_table",
    replacement=_replacement,
    finds=("CAT-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
