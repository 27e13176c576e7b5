"""Views: named texts of queries, each with a pointer to its newest metadata file, as tables have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tinylake.catalog import creation, errors, locations, metadata, namespaces, pointers, view_metadata, view_updates
from tinylake.catalog.creation import Loaded
from tinylake.catalog.pointers import VIEWS, Pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinylake.catalog.bodies import CreateView
    from tinylake.catalog.names import TableName
    from tinylake.catalog.state import Catalog
    from tinylake.catalog.view_updates import ViewRequirement, ViewUpdate


def create(catalog: Catalog, name: TableName, body: CreateView) -> Loaded:
    """A new view; 404, 409 and 400 as the name and the body deserve."""
    place = creation.place(catalog, VIEWS, name, body.location)
    made = view_metadata.new(body.view_schema, body.view_version, place, body.properties)
    text = view_metadata.write(made)
    return creation.stored(catalog, VIEWS, name, Pointer(made.view_uuid, place, metadata.next_file(place, None)), text)


def load(catalog: Catalog, name: TableName) -> Loaded:
    """The view's newest metadata, as it was written; 404 when there is none."""
    with catalog.database.read() as connection:
        pointer = pointers.get(VIEWS, connection, name)
    return Loaded(pointer, _text(catalog, pointer))


def commit(
    catalog: Catalog, name: TableName, required: Sequence[ViewRequirement], asked: Sequence[ViewUpdate]
) -> Loaded:
    """The view after the commit; 409 when a requirement does not hold or another commit was first."""
    with catalog.database.read() as connection:
        old = pointers.get(VIEWS, connection, name)
        home = namespaces.get(connection, name.namespace)
    base = view_metadata.read(_text(catalog, old), old.metadata_location)
    view_metadata.check(base, required)
    place = _place(catalog, name, home, asked) or old.location
    after = view_metadata.changed(base, asked).model_copy(update={"location": place.rstrip("/")})
    if after == base:
        return Loaded(old, _text(catalog, old))
    new = replace(old, location=place, metadata_location=metadata.next_file(place, old.metadata_location))
    text = view_metadata.write(after)
    with catalog.store.written([(new.metadata_location, text)]), catalog.database.write() as connection:
        if not pointers.swap(VIEWS, connection, old, new):
            raise errors.commit_failed("another commit was first: load the view again and retry")
    return Loaded(new, text)


def _place(catalog: Catalog, name: TableName, home: dict[str, str], asked: Sequence[ViewUpdate]) -> str | None:
    """Where the updates move the view, or None."""
    moves = [update.location for update in asked if isinstance(update, view_updates.SetLocation)]
    given = locations.asked(catalog.settings, moves[-1] if moves else None)
    root = catalog.settings.location
    return locations.of_table(root, locations.of_namespace(root, name.namespace, home), given) if given else None


def _text(catalog: Catalog, pointer: Pointer) -> str:
    return metadata.text(catalog.store.current(pointer.metadata_location), pointer.metadata_location)
