"""Tables in the database: each name's pointer to its newest metadata file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinylake.catalog import pointers
from tinylake.catalog.pointers import TABLES, Pointer, overlapping, refuse_overlap

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tinylake.catalog.names import Namespace, TableName

__all__ = ["Pointer", "overlapping", "refuse_overlap"]


def find(connection: sa.Connection, name: TableName) -> Pointer | None:
    """The table's pointer, or None."""
    return pointers.find(TABLES, connection, name)


def get(connection: sa.Connection, name: TableName) -> Pointer:
    """The table's pointer, or 404."""
    return pointers.get(TABLES, connection, name)


def listed(connection: sa.Connection, namespace: Namespace) -> list[str]:
    """The names of the tables in a namespace; 404 when there is no such namespace."""
    return pointers.listed(TABLES, connection, namespace)


def refuse_taken(connection: sa.Connection, name: TableName) -> None:
    """404 when the namespace does not exist, 409 when a table or a view has the name in it."""
    pointers.refuse_taken(TABLES, connection, name)


def insert(connection: sa.Connection, name: TableName, pointer: Pointer) -> None:
    """Adds a table; 404, 409 and 400 as for any name, and 409 when another table has its uuid."""
    pointers.insert(TABLES, connection, name, pointer)


def swap(connection: sa.Connection, old: Pointer, new: Pointer) -> bool:
    """Moves the pointer from `old` to `new`; False, and nothing changed, when it no longer was at `old`."""
    return pointers.swap(TABLES, connection, old, new)


def rename(connection: sa.Connection, source: TableName, target: TableName) -> None:
    """Gives a table another name; 404 without the table or the target's namespace, 409 when the target is taken."""
    pointers.rename(TABLES, connection, source, target)


def remove(connection: sa.Connection, name: TableName) -> Pointer:
    """Takes a table out of the catalog; its files stay. The pointer that it had, or 404."""
    return pointers.remove(TABLES, connection, name)
