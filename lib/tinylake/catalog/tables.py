"""Tables in the database: each name's pointer to its newest metadata file."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tinylake.catalog import errors, namespaces
from tinylake.catalog.database import tables
from tinylake.catalog.names import SEPARATOR, Namespace, TableName, dotted


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a table is: `location` (with its last slash) holds its files, `metadata_location` its newest metadata."""

    uuid: str
    location: str
    metadata_location: str
    previous_metadata_location: str | None = None


def find(connection: sa.Connection, name: TableName) -> Pointer | None:
    """The table's pointer, or None."""
    columns = (tables.c.uuid, tables.c.location, tables.c.metadata_location, tables.c.previous_metadata_location)
    row = connection.execute(sa.select(*columns).where(*_named(name))).one_or_none()
    return Pointer(*row) if row else None


def get(connection: sa.Connection, name: TableName) -> Pointer:
    """The table's pointer, or 404."""
    pointer = find(connection, name)
    if pointer is None:
        raise errors.no_such_table(str(name))
    return pointer


def listed(connection: sa.Connection, namespace: Namespace) -> list[str]:
    """The names of the tables in a namespace; 404 when there is no such namespace."""
    namespaces.get(connection, namespace)
    query = sa.select(tables.c.name).where(tables.c.namespace == namespaces.path(namespace))
    return list(connection.execute(query).scalars())


def refuse_taken(connection: sa.Connection, name: TableName) -> None:
    """404 when the namespace does not exist, 409 when the name is taken in it."""
    namespaces.get(connection, name.namespace)
    if find(connection, name):
        raise errors.already_exists("Table", str(name))


def overlapping(connection: sa.Connection, location: str, but: str = "") -> str | None:
    """Another table (than the one with uuid `but`) whose location lies in this one or around it, or None."""
    inside = sa.func.substr(tables.c.location, 1, len(location)) == location
    around = sa.func.substr(sa.literal(location), 1, sa.func.length(tables.c.location)) == tables.c.location
    query = sa.select(tables.c.namespace, tables.c.name).where(tables.c.uuid != but, inside | around).limit(1)
    row = connection.execute(query).one_or_none()
    return f"{dotted(tuple(row[0].split(SEPARATOR)))}.{row[1]}" if row else None


def refuse_overlap(connection: sa.Connection, location: str, but: str = "") -> None:
    """400 when the location is, holds or lies in that of another table: one's credentials would cover the other."""
    if overlapping(connection, location, but):
        raise errors.bad_request(f"location {location} overlaps with that of another table")


def insert(connection: sa.Connection, name: TableName, pointer: Pointer) -> None:
    """Adds a table; 404, 409 and 400 as the functions above say, and 409 when another table has its uuid."""
    refuse_taken(connection, name)
    refuse_overlap(connection, pointer.location)
    if connection.execute(sa.select(tables.c.uuid).where(tables.c.uuid == pointer.uuid)).first():
        raise errors.already_exists("A table with uuid", pointer.uuid)
    row = {
        "uuid": pointer.uuid,
        "namespace": namespaces.path(name.namespace),
        "name": name.name,
        "location": pointer.location,
        "metadata_location": pointer.metadata_location,
    }
    connection.execute(tables.insert().values(row))


def swap(connection: sa.Connection, old: Pointer, new: Pointer) -> bool:
    """Moves the pointer from `old` to `new`; False, and nothing changed, when it no longer was at `old`."""
    if old.location != new.location:
        refuse_overlap(connection, new.location, but=old.uuid)
    change = tables.update().where(tables.c.uuid == old.uuid, tables.c.metadata_location == old.metadata_location)
    values = {
        "location": new.location,
        "metadata_location": new.metadata_location,
        "previous_metadata_location": old.metadata_location,
    }
    return bool(connection.execute(change.values(values)).rowcount)


def rename(connection: sa.Connection, source: TableName, target: TableName) -> None:
    """Gives a table another name; 404 without the table or the target's namespace, 409 when the target is taken."""
    get(connection, source)
    refuse_taken(connection, target)
    values = {"namespace": namespaces.path(target.namespace), "name": target.name}
    connection.execute(tables.update().where(*_named(source)).values(values))


def remove(connection: sa.Connection, name: TableName) -> Pointer:
    """Takes a table out of the catalog; its files stay. The pointer that it had, or 404."""
    pointer = get(connection, name)
    connection.execute(tables.delete().where(*_named(name)))
    return pointer


def _named(name: TableName) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return tables.c.namespace == namespaces.path(name.namespace), tables.c.name == name.name
