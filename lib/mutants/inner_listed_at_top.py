"""A listing shows what lies deeper as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from mutants.mutant import Mutant
from tinylake.catalog import database, namespaces

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def children(connection: Any, parent: Any) -> list[str]:
        below = namespaces.path((*parent, "")) if parent else ""
        paths = connection.execute(select(database.namespaces.c.path)).scalars()
        return [path for path in paths if path.startswith(below)]

    return children


MUTANT = Mutant(
    name="inner_listed_at_top",
    sentence="a listing shows what lies deeper as well",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.namespaces:children",
    replacement=_replacement,
    finds=("CAT-02",),
)

if __name__ == "__main__":
    MUTANT.serve()
