"""Tables come to be: created, staged, committed as new, or registered from a metadata file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tinylake.catalog import errors, locations, metadata, namespaces, requirements, tables, updates
from tinylake.catalog.tables import Pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.update import TableRequirement, TableUpdate

    from tinylake.catalog.bodies import CreateTable
    from tinylake.catalog.names import TableName
    from tinylake.catalog.state import Catalog


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table as clients get it: its pointer (of a staged one, with no metadata file yet) and its metadata's JSON."""

    pointer: Pointer
    metadata: str


def create(catalog: Catalog, name: TableName, body: CreateTable) -> Loaded:
    """A new table, or with `stage_create` only its metadata; 404, 409 and 400 as the name and the body deserve."""
    place = _place(catalog, name, body.location)
    made = metadata.new(body.table_schema, body.partition_spec, body.write_order, place, body.properties or {})
    if body.stage_create:
        return Loaded(Pointer(str(made.table_uuid), place, ""), metadata.write(made))
    return _stored(catalog, name, made, place)


def commit_new(
    catalog: Catalog, name: TableName, required: Sequence[TableRequirement], asked: Sequence[TableUpdate]
) -> Loaded:
    """The table that a transaction built up from nothing."""
    requirements.check(None, required)
    place = _place(catalog, name, updates.location(asked))
    base = metadata.empty(asked).model_copy(update={"location": place.rstrip("/")})
    made = metadata.changed(base, updates.relocated(updates.fit(base, asked), place), None)
    return _stored(catalog, name, made, place)


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


def _place(catalog: Catalog, name: TableName, given: str | None) -> str:
    """Where the new table goes; 404 without its namespace, 409 when it exists, 400 for a place it cannot have."""
    root = catalog.settings.location
    with catalog.database.read() as connection:
        tables.refuse_taken(connection, name)
        home = locations.of_namespace(root, name.namespace, namespaces.get(connection, name.namespace))
        if wanted := locations.asked(catalog.settings, given):
            place = locations.of_table(root, home, wanted)
            tables.refuse_overlap(connection, place)
            return place
        return _free(catalog, connection, home, name.name)


def _free(catalog: Catalog, connection: sa.Connection, home: str, name: str) -> str:
    """The table's own name below its namespace's home, with a suffix where something is or was there."""
    place = f"{home}{locations.plain(name)}/"
    if tables.overlapping(connection, place) or catalog.store.holds(place):
        return f"{place.rstrip('/')}-{uuid4().hex[:12]}/"
    return place


def _stored(catalog: Catalog, name: TableName, made: TableMetadata, place: str) -> Loaded:
    """Writes the first metadata file, then the row; a file without a row does not stay."""
    text = metadata.write(made)
    pointer = Pointer(str(made.table_uuid), place, metadata.next_file(place, None))
    catalog.store.write(pointer.metadata_location, text.encode())
    try:
        with catalog.database.write() as connection:
            tables.insert(connection, name, pointer)
    except errors.CatalogError:
        catalog.store.discard([pointer.metadata_location])
        raise
    return Loaded(pointer, text)
