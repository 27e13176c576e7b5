"""A namespace is dropped with whatever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import database, namespaces

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def drop(connection: Any, namespace: Any) -> None:
        namespaces.get(connection, namespace)
        here = database.namespaces.c.path == namespaces.path(namespace)
        connection.execute(database.namespaces.delete().where(here))

    return drop


MUTANT = Mutant(
    name="full_namespace_dropped",
    sentence="a namespace is dropped with whatever is in it",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.namespaces:drop",
    replacement=_replacement,
    finds=("CAT-02",),
)

if __name__ == "__main__":
    MUTANT.serve()
