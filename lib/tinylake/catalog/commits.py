"""Commits: read the pointer, check, write a new metadata file, and move the pointer if it is still where it was.

The database decides between racers, in whatever process they are; nothing here holds a lock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tinylake.catalog import creation, errors, locations, metadata, namespaces, requirements, tables, updates
from tinylake.catalog.creation import Loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.table.update import TableRequirement, TableUpdate

    from tinylake.catalog.names import TableName
    from tinylake.catalog.state import Catalog
    from tinylake.catalog.tables import Pointer


def commit(
    catalog: Catalog, name: TableName, required: Sequence[TableRequirement], asked: Sequence[TableUpdate]
) -> Loaded:
    """The table after the commit; 409 when a requirement does not hold or another commit was first."""
    with catalog.database.read() as connection:
        old = tables.find(connection, name)
        home = namespaces.find(connection, name.namespace)
    if old is None or home is None:
        return _commit_new(catalog, name, required, asked)
    if requirements.creates(required):
        raise errors.already_exists("Table", str(name))
    place = _place(catalog, name, home, asked) or old.location
    return _commit(catalog, old, place, required, asked)


def _commit_new(
    catalog: Catalog, name: TableName, required: Sequence[TableRequirement], asked: Sequence[TableUpdate]
) -> Loaded:
    if requirements.creates(required):
        return creation.commit_new(catalog, name, required, asked)
    raise errors.no_such_table(str(name))


def _place(catalog: Catalog, name: TableName, home: dict[str, str], asked: Sequence[TableUpdate]) -> str | None:
    """Where the updates move the table, or None."""
    given = locations.asked(catalog.settings, updates.location(asked))
    root = catalog.settings.location
    return locations.of_table(root, locations.of_namespace(root, name.namespace, home), given) if given else None


def _commit(
    catalog: Catalog,
    old: Pointer,
    place: str,
    required: Sequence[TableRequirement],
    asked: Sequence[TableUpdate],
) -> Loaded:
    content = catalog.store.read(old.metadata_location)
    base = metadata.read(content, old.metadata_location)
    requirements.check(base, required)
    fitted = updates.relocated(updates.fit(base, asked), place)
    if not fitted:
        return Loaded(old, metadata.text(content, old.metadata_location))
    after = metadata.changed(base, fitted, old.metadata_location)
    text = metadata.write(after)
    new = replace(old, location=place, metadata_location=metadata.next_file(place, old.metadata_location))
    catalog.store.write(new.metadata_location, text.encode())
    _move(catalog, old, new)
    catalog.store.discard(_ours(place, metadata.outlived(base, after)))
    return Loaded(new, text)


def _move(catalog: Catalog, old: Pointer, new: Pointer) -> None:
    """Moves the pointer, or leaves no file behind and refuses. Any other failure may have come after the move."""
    try:
        with catalog.database.write() as connection:
            moved = tables.swap(connection, old, new)
    except errors.CatalogError:
        catalog.store.discard([new.metadata_location])
        raise
    if not moved:
        catalog.store.discard([new.metadata_location])
        raise errors.commit_failed("another commit was first: load the table again and retry")


def _ours(place: str, files: Sequence[str]) -> list[str]:
    """Files below the table's own location: a log could name any file."""
    return [file for file in files if file.startswith(place)]
