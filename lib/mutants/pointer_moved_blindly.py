"""Of several commits at the same moment all are taken, and the last one wins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from mutants.mutant import Mutant
from tinylake.catalog import database

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def swap(connection: Any, old: Any, new: Any) -> bool:
        here = select(database.tables.c.metadata_location).where(database.tables.c.uuid == old.uuid)
        now = connection.execute(here).scalar_one()
        return bool(original(connection, replace(old, metadata_location=now), new))

    return swap


MUTANT = Mutant(
    name="pointer_moved_blindly",
    sentence="of several commits at the same moment all are taken, and the last one wins",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.tables:swap",
    replacement=_replacement,
    finds=("EVO-14", "CAT-05"),
)

if __name__ == "__main__":
    MUTANT.serve()
