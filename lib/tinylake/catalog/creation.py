"""Tables come to be: created, staged, committed as new, or registered from a metadata file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tinylake.catalog import errors, locations, metadata, namespaces, pointers, requirements, tables, updates
from tinylake.catalog.pointers import TABLES, Pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.update import TableRequirement, TableUpdate

    from tinylake.catalog.bodies import CreateTable
    from tinylake.catalog.names import TableName
    from tinylake.catalog.pointers import Kind
    from tinylake.catalog.state import Catalog


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table or view as clients get it: its pointer (of a staged one, without a file yet) and its metadata's JSON."""

    pointer: Pointer
    metadata: str


def create(catalog: Catalog, name: TableName, body: CreateTable) -> Loaded:
    """A new table, or with `stage_create` only its metadata; 404, 409 and 400 as the name and the body deserve."""
    there = place(catalog, TABLES, name, body.location)
    made = metadata.new(body.table_schema, body.partition_spec, body.write_order, there, body.properties or {})
    if body.stage_create:
        return Loaded(Pointer(str(made.table_uuid), there, ""), metadata.write(made))
    pointer = Pointer(str(made.table_uuid), there, metadata.next_file(there, None))
    return stored(catalog, TABLES, name, pointer, metadata.write(made))


def as_new(
    catalog: Catalog, name: TableName, required: Sequence[TableRequirement], asked: Sequence[TableUpdate]
) -> Loaded:
    """The table that a transaction built up from nothing, which is not in the catalog yet."""
    requirements.check(None, required)
    there = place(catalog, TABLES, name, updates.location(asked))
    base = metadata.empty(asked).model_copy(update={"location": there.rstrip("/")})
    made = metadata.changed(base, updates.relocated(updates.fit(base, asked), there), None)
    return Loaded(Pointer(str(made.table_uuid), there, metadata.next_file(there, None)), metadata.write(made))


def register(catalog: Catalog, name: TableName, metadata_location: str, *, overwrite: bool) -> Loaded:
    """A table from a metadata file below the warehouse's location."""
    file = locations.within(catalog.settings.location, metadata_location).rstrip("/")
    with catalog.database.read() as connection:
        namespaces.get(connection, name.namespace)
    made, text = _found(catalog, file)
    place = locations.within(catalog.settings.location, made.location)
    pointer = Pointer(str(made.table_uuid), place, file)
    with catalog.database.write() as connection:
        if overwrite and tables.find(connection, name):
            tables.remove(connection, name)
        tables.insert(connection, name, pointer)
    return Loaded(pointer, text)


def _found(catalog: Catalog, file: str) -> tuple[TableMetadata, str]:
    """What is in a metadata file that a client named; 400 when it is missing or broken."""
    try:
        content = catalog.store.read(file)
        return metadata.read(content, file), metadata.text(content, file)
    except errors.CatalogError as error:
        raise (errors.bad_request(error.message) if error.status == 500 else error) from error


def place(catalog: Catalog, kind: Kind, name: TableName, given: str | None) -> str:
    """Where a new one goes; 404 without its namespace, 409 when the name is taken, 400 for a place it cannot have."""
    root = catalog.settings.location
    with catalog.database.read() as connection:
        pointers.refuse_taken(kind, connection, name)
        home = locations.of_namespace(root, name.namespace, namespaces.get(connection, name.namespace))
        if wanted := locations.asked(catalog.settings, given):
            there = locations.of_table(root, home, wanted)
            pointers.refuse_overlap(connection, there)
            return there
        return _free(catalog, connection, home, name.name)


def stored(catalog: Catalog, kind: Kind, name: TableName, pointer: Pointer, text: str) -> Loaded:
    """Writes the first metadata file, then the row; a file without a row does not stay."""
    with catalog.store.written([(pointer.metadata_location, text)]), catalog.database.write() as connection:
        pointers.insert(kind, connection, name, pointer)
    return Loaded(pointer, text)


def _free(catalog: Catalog, connection: sa.Connection, home: str, name: str) -> str:
    """Its own name below its namespace's home, with a suffix where something is or was there."""
    there = f"{home}{locations.plain(name)}/"
    if pointers.overlapping(connection, there) or catalog.store.holds(there):
        return f"{there.rstrip('/')}-{uuid4().hex[:12]}/"
    return there
