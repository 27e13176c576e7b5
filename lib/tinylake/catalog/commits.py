"""Commits: read the pointers, check, write new metadata files, and move the pointers that are still where they were.

The database decides between racers, in whatever process they are; nothing here holds a lock. One commit or several
tables': all pointers move in one transaction, or none does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinylake.catalog import creation, errors, locations, metadata, namespaces, requirements, tables, updates
from tinylake.catalog.creation import Loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from pyiceberg.table.update import TableRequirement, TableUpdate

    from tinylake.catalog.names import TableName
    from tinylake.catalog.state import Catalog
    from tinylake.catalog.tables import Pointer


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants done to one table, and of what it depends."""

    name: TableName
    required: Sequence[TableRequirement]
    updates: Sequence[TableUpdate]


@dataclass(frozen=True, slots=True)
class Change:
    """One table's step from `old` (None where it is made) to `after`; `outlived` are files that nobody needs then."""

    name: TableName
    old: Pointer | None
    after: Loaded
    outlived: Sequence[str] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the table stays as it is."""
        return self.old == self.after.pointer


def commit(
    catalog: Catalog, name: TableName, required: Sequence[TableRequirement], asked: Sequence[TableUpdate]
) -> Loaded:
    """The table after the commit; 409 when a requirement does not hold or another commit was first."""
    change = _prepared(catalog, Asked(name, required, asked))
    if not change.is_nothing:
        _perform(catalog, [change])
    return change.after


def commit_all(catalog: Catalog, asked: Sequence[Asked]) -> None:
    """Commits to all tables or to none; 400 for one that is named twice, else as `commit` refuses the first."""
    names = [one.name for one in asked]
    if twice := sorted({str(name) for name in names if names.count(name) > 1}):
        raise errors.bad_request(f"a table stands once in a transaction; more often: {', '.join(twice)}")
    _perform(catalog, [_prepared(catalog, one) for one in asked])


def _perform(catalog: Catalog, changes: Sequence[Change]) -> None:
    """Writes the files, then moves the pointers; a refusal leaves no file behind."""
    written = [(one.after.pointer.metadata_location, one.after.metadata) for one in changes if not one.is_nothing]
    with catalog.store.written(written), catalog.database.write() as connection:
        for change in changes:
            _move(connection, change)
    catalog.store.discard(file for change in changes for file in change.outlived)


def _move(connection: sa.Connection, change: Change) -> None:
    if change.old is None:
        tables.insert(connection, change.name, change.after.pointer)
    elif change.is_nothing:
        _refuse_moved(tables.find(connection, change.name) == change.old)
    else:
        _refuse_moved(tables.swap(connection, change.old, change.after.pointer))


def _refuse_moved(still_there: bool) -> None:
    if not still_there:
        raise errors.commit_failed("another commit was first: load the table again and retry")


def _prepared(catalog: Catalog, asked: Asked) -> Change:
    with catalog.database.read() as connection:
        old = tables.find(connection, asked.name)
        home = namespaces.find(connection, asked.name.namespace)
    creates = requirements.creates(asked.required)
    if old is None or home is None:
        if not creates:
            raise errors.no_such_table(str(asked.name))
        return Change(asked.name, None, creation.as_new(catalog, asked.name, asked.required, asked.updates))
    if creates:
        raise errors.already_exists("Table", str(asked.name))
    return _changed(catalog, asked, old, _place(catalog, asked.name, home, asked.updates) or old.location)


def _place(catalog: Catalog, name: TableName, home: dict[str, str], asked: Sequence[TableUpdate]) -> str | None:
    """Where the updates move the table, or None."""
    given = locations.asked(catalog.settings, updates.location(asked))
    root = catalog.settings.location
    return locations.of_table(root, locations.of_namespace(root, name.namespace, home), given) if given else None


def _changed(catalog: Catalog, asked: Asked, old: Pointer, place: str) -> Change:
    content = catalog.store.current(old.metadata_location)
    base = metadata.read(content, old.metadata_location)
    requirements.check(base, asked.required)
    fitted = updates.relocated(updates.fit(base, asked.updates), place)
    if not fitted:
        return Change(asked.name, old, Loaded(old, metadata.text(content, old.metadata_location)))
    after = metadata.changed(base, fitted, old.metadata_location)
    new = replace(old, location=place, metadata_location=metadata.next_file(place, old.metadata_location))
    outlived = _ours(place, metadata.outlived(base, after))
    return Change(asked.name, old, Loaded(new, metadata.write(after)), outlived)


def _ours(place: str, files: Sequence[str]) -> list[str]:
    """Files below the table's own location: a log could name any file."""
    return [file for file in files if file.startswith(place)]
