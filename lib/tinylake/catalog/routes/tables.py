"""One table: load, exists, commit, drop."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from tinylake.catalog import commits, metadata, removal, tables
from tinylake.catalog.bodies import CommitTable
from tinylake.catalog.creation import Loaded
from tinylake.catalog.routes import loaded
from tinylake.catalog.routes.calls import OfTable, Reading, Writing

router = APIRouter(prefix="/v1/{prefix}/namespaces/{namespace}/tables/{table}")


@router.get("")
def load_table(
    call: Reading, name: OfTable, asked: loaded.Delegation = None, snapshots: Annotated[str, Query()] = "all"
) -> Response:
    """A table's newest metadata, as it was written; with `snapshots=refs` only the snapshots that refs point to."""
    with call.catalog.database.read() as connection:
        pointer = tables.get(connection, name)
    text = metadata.text(call.catalog.store.current(pointer.metadata_location), pointer.metadata_location)
    return loaded.answer(call, name, Loaded(pointer, loaded.only_refs(text) if snapshots == "refs" else text), asked)


@router.head("", status_code=204)
def table_exists(call: Reading, name: OfTable) -> Response:
    """204, or 404."""
    with call.catalog.database.read() as connection:
        tables.get(connection, name)
    return Response(status_code=204)


@router.post("")
def commit_table(call: Writing, name: OfTable, body: CommitTable) -> Response:
    """Commits updates to a table, or makes the table that a transaction built."""
    return loaded.committed(commits.commit(call.catalog, name, body.requirements, body.updates))


@router.delete("", status_code=204)
def drop_table(call: Writing, name: OfTable, purge: Annotated[bool, Query(alias="purgeRequested")] = False) -> Response:
    """Drops a table; its files too, where that is asked."""
    removal.drop(call.catalog, name, purge=purge)
    return Response(status_code=204)
