"""What a scenario made in the catalog goes: views, tables with their files, namespaces from the innermost out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lakebook.lake.rest import Rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyiceberg.catalog.rest import RestCatalog

    from lakebook.lake.catalog import Catalog
    from lakebook.lake.http import Answer
    from lakebook.lake.objects import Objects

Levels = tuple[str, ...]


def namespaces(catalog: Catalog, objects: Objects, prefix: str, *, nested: bool, views: bool) -> list[str]:
    """Drop every top namespace whose name starts so, with all that is in it; return their names.

    Tables are dropped, not purged: not every catalog grants a purge. `objects` is the store as its owner sees it: there
    the files go, also those of tables and namespaces that the scenario dropped itself, where they lie beside the rest.
    `nested` and `views` say whether the catalog has any.
    """
    from pyiceberg.exceptions import NoSuchNamespaceError  # noqa: PLC0415 - slow to import

    client = catalog.client()
    top = [name for name in client.list_namespaces() if name[0].startswith(prefix)]
    every = [inner for name in top for inner in (_inside(client, name) if nested else [name])]
    for view in [view for name in every if views for view in client.list_views(name)]:
        client.drop_view(view)
    folders = _dropped(catalog, client, every)
    for name in every:
        with suppress(NoSuchNamespaceError):  # it is listed, and yet not found: then nothing can be done
            client.drop_namespace(name)
    for location, namespace in folders.items():
        _remove_files(objects, location, namespace, prefix)
    return [name[0] for name in top]


def _inside(client: RestCatalog, namespace: Levels) -> Iterator[Levels]:
    """Yield the namespaces in one, and last itself."""
    for child in client.list_namespaces(namespace):
        yield from _inside(client, child)
    yield namespace


def _dropped(catalog: Catalog, client: RestCatalog, namespaces: list[Levels]) -> dict[str, str]:
    """Drop the tables in some namespaces; return the location of each that is in a store, with its top namespace.

    Of a table's metadata only the location is read: a client may not take the rest of them.
    """
    tables = [table for name in namespaces for table in client.list_tables(name)]
    folders = {_location(Rest(catalog).load_table(table)): table[0] for table in tables}
    for table in tables:
        client.drop_table(table)
    return {location: namespace for location, namespace in folders.items() if "://" in location}


def _location(loaded: Answer) -> str:
    """Return where a table lies, by the catalog's answer; nothing where it has none."""
    metadata = loaded.body.get("metadata") if isinstance(loaded.body, dict) else None
    return str(metadata["location"]).rstrip("/") if metadata else ""


def _remove_files(objects: Objects, location: str, namespace: str, prefix: str) -> None:
    folder = location.rpartition("/")[0]
    beside = folder.endswith(namespace)
    objects.remove(f"{folder.removesuffix(namespace)}{prefix}" if beside else f"{location}/")
