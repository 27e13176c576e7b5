"""What tables and views have in common: a name that points to the newest metadata file, in one SQL table of each kind.

A name belongs to a table or to a view, never to both, and neither lies in the other's location.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tinylake.catalog import database, errors, namespaces
from tinylake.catalog.names import SEPARATOR, Namespace, TableName, dotted

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Kind:
    """Tables or views: what one is called, its rows, and the 404 for one that is not there."""

    what: str
    rows: sa.Table
    missing: Callable[[str], errors.CatalogError]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a table is: `location` (with its last slash) holds its files, `metadata_location` its newest metadata."""

    uuid: str
    location: str
    metadata_location: str
    previous_metadata_location: str | None = None


TABLES = Kind("Table", database.tables, errors.no_such_table)
VIEWS = Kind("View", database.views, errors.no_such_view)
KINDS = (TABLES, VIEWS)


def find(kind: Kind, connection: sa.Connection, name: TableName) -> Pointer | None:
    """The pointer, or None."""
    rows = kind.rows.c
    columns = (rows.uuid, rows.location, rows.metadata_location, rows.previous_metadata_location)
    row = connection.execute(sa.select(*columns).where(*_named(kind, name))).one_or_none()
    return Pointer(*row) if row else None


def get(kind: Kind, connection: sa.Connection, name: TableName) -> Pointer:
    """The pointer, or 404."""
    pointer = find(kind, connection, name)
    if pointer is None:
        raise kind.missing(str(name))
    return pointer


def listed(kind: Kind, connection: sa.Connection, namespace: Namespace) -> list[str]:
    """The names of this kind in a namespace; 404 when there is no such namespace."""
    namespaces.get(connection, namespace)
    query = sa.select(kind.rows.c.name).where(kind.rows.c.namespace == namespaces.path(namespace))
    return list(connection.execute(query).scalars())


def refuse_taken(kind: Kind, connection: sa.Connection, name: TableName) -> None:
    """404 when the namespace does not exist, 409 when the name is taken in it, by whichever kind."""
    namespaces.get(connection, name.namespace)
    for other in KINDS:
        if find(other, connection, name):
            same = other.what if other == kind else f"{other.what} with same name"
            raise errors.already_exists(same, str(name))


def overlapping(connection: sa.Connection, location: str, but: str = "") -> str | None:
    """Another table or view (than the one with uuid `but`) that lies in this location or around it, or None."""
    for kind in KINDS:
        there = kind.rows.c.location
        inside = sa.func.substr(there, 1, len(location)) == location
        around = sa.func.substr(sa.literal(location), 1, sa.func.length(there)) == there
        query = sa.select(kind.rows.c.namespace, kind.rows.c.name).where(kind.rows.c.uuid != but, inside | around)
        if row := connection.execute(query.limit(1)).one_or_none():
            return f"{dotted(tuple(row[0].split(SEPARATOR)))}.{row[1]}"
    return None


def refuse_overlap(connection: sa.Connection, location: str, but: str = "") -> None:
    """400 when the location is, holds or lies in that of another: one's credentials would cover the other."""
    if overlapping(connection, location, but):
        raise errors.bad_request(f"location {location} overlaps with that of another table")


def insert(kind: Kind, connection: sa.Connection, name: TableName, pointer: Pointer) -> None:
    """Adds one; 404, 409 and 400 as the functions above say, and 409 when another has its uuid."""
    refuse_taken(kind, connection, name)
    refuse_overlap(connection, pointer.location)
    if connection.execute(sa.select(kind.rows.c.uuid).where(kind.rows.c.uuid == pointer.uuid)).first():
        raise errors.already_exists(f"A {kind.what.lower()} with uuid", pointer.uuid)
    row = {
        "uuid": pointer.uuid,
        "namespace": namespaces.path(name.namespace),
        "name": name.name,
        "location": pointer.location,
        "metadata_location": pointer.metadata_location,
    }
    connection.execute(kind.rows.insert().values(row))


def swap(kind: Kind, connection: sa.Connection, old: Pointer, new: Pointer) -> bool:
    """Moves the pointer from `old` to `new`; False, and nothing changed, when it no longer was at `old`."""
    if old.location != new.location:
        refuse_overlap(connection, new.location, but=old.uuid)
    rows = kind.rows.c
    change = kind.rows.update().where(rows.uuid == old.uuid, rows.metadata_location == old.metadata_location)
    values = {
        "location": new.location,
        "metadata_location": new.metadata_location,
        "previous_metadata_location": old.metadata_location,
    }
    return bool(connection.execute(change.values(values)).rowcount)


def rename(kind: Kind, connection: sa.Connection, source: TableName, target: TableName) -> None:
    """Gives it another name; 404 without it or the target's namespace, 409 when the target is taken."""
    get(kind, connection, source)
    refuse_taken(kind, connection, target)
    values = {"namespace": namespaces.path(target.namespace), "name": target.name}
    connection.execute(kind.rows.update().where(*_named(kind, source)).values(values))


def remove(kind: Kind, connection: sa.Connection, name: TableName) -> Pointer:
    """Takes it out of the catalog; its files stay. The pointer that it had, or 404."""
    pointer = get(kind, connection, name)
    connection.execute(kind.rows.delete().where(*_named(kind, name)))
    return pointer


def _named(kind: Kind, name: TableName) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return kind.rows.c.namespace == namespaces.path(name.namespace), kind.rows.c.name == name.name
