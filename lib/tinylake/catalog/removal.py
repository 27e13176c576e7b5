"""Tables go: out of the catalog, and with a purge their files too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinylake.catalog import tables

if TYPE_CHECKING:
    from tinylake.catalog.names import TableName
    from tinylake.catalog.state import Catalog


def drop(catalog: Catalog, name: TableName, *, purge: bool) -> None:
    """Removes the table and its roles; with `purge` every object that lay below its location beforehand.

    No other table lies there (`tables.refuse_overlap`). What to delete is listed before the name is free, so that
    nothing of a new table at the same place is taken along, and an unreachable store refuses the whole (503).
    """
    with catalog.database.read() as connection:
        pointer = tables.get(connection, name)
    keys = catalog.store.keys(pointer.location) if purge else []
    with catalog.database.write() as connection:
        dropped = tables.remove(connection, name)
    if dropped.uuid == pointer.uuid:
        catalog.store.delete(pointer.location, keys)
    catalog.vendor.forget(dropped)
    catalog.signer.forget(dropped.uuid)
