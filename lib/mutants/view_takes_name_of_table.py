"""A view may have the name of a table, and a table that of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import errors, namespaces, pointers

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_taken(kind: Any, connection: Any, name: Any) -> None:
        namespaces.get(connection, name.namespace)
        if pointers.find(kind, connection, name):
            raise errors.already_exists(kind.what, str(name))

    return refuse_taken


MUTANT = Mutant(
    name="view_takes_name_of_table",
    sentence="a view may have the name of a table, and a table that of a view",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.pointers:refuse_taken",
    replacement=_replacement,
    finds=("CAT-04",),
)

if __name__ == "__main__":
    MUTANT.serve()
