"""One view: load, exists, replace, drop."""

from fastapi import APIRouter, Response

from tinylake.catalog import pointers, views
from tinylake.catalog.bodies import CommitView
from tinylake.catalog.pointers import VIEWS
from tinylake.catalog.routes import loaded
from tinylake.catalog.routes.calls import OfView, Reading, Writing

router = APIRouter(prefix="/v1/{prefix}/namespaces/{namespace}/views/{view}")


@router.get("")
def load_view(call: Reading, name: OfView) -> Response:
    """A view's newest metadata, as it was written."""
    return loaded.view(views.load(call.catalog, name))


@router.head("", status_code=204)
def view_exists(call: Reading, name: OfView) -> Response:
    """204, or 404."""
    with call.catalog.database.read() as connection:
        pointers.get(VIEWS, connection, name)
    return Response(status_code=204)


@router.post("")
def replace_view(call: Writing, name: OfView, body: CommitView) -> Response:
    """Commits updates to a view."""
    return loaded.view(views.commit(call.catalog, name, body.requirements, body.updates))


@router.delete("", status_code=204)
def drop_view(call: Writing, name: OfView) -> Response:
    """Drops a view; its metadata files stay."""
    with call.catalog.database.write() as connection:
        pointers.remove(VIEWS, connection, name)
    return Response(status_code=204)
