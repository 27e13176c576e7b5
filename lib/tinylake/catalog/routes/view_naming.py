"""Names of views: list, create, rename."""

from typing import Any

from fastapi import APIRouter, Response

from tinylake.catalog import grants, names, pages, pointers, views
from tinylake.catalog.bodies import CreateView, RenameTable
from tinylake.catalog.pointers import VIEWS
from tinylake.catalog.routes import loaded
from tinylake.catalog.routes.calls import InNamespace, Reading, Writing

router = APIRouter(prefix="/v1/{prefix}")


@router.get("/namespaces/{namespace}/views")
def list_views(call: Reading, namespace: InNamespace, page: pages.Asked) -> dict[str, Any]:
    """The views of a namespace."""
    with call.catalog.database.read() as connection:
        listed, token = page.cut(pointers.listed(VIEWS, connection, namespace))
    identifiers = [{"namespace": list(namespace), "name": name} for name in listed]
    return {"identifiers": identifiers, "next-page-token": token}


@router.post("/namespaces/{namespace}/views")
def create_view(call: Writing, namespace: InNamespace, body: CreateView) -> Response:
    """A new view."""
    return loaded.view(views.create(call.catalog, names.table(namespace, body.name), body))


@router.post("/views/rename", status_code=204)
def rename_view(call: Writing, body: RenameTable) -> Response:
    """Gives a view another name."""
    source = names.table(body.source.namespace, body.source.name)
    target = names.table(body.destination.namespace, body.destination.name)
    for name in (source, target):
        grants.refuse_outsider(call.principal, name.namespace)
    with call.catalog.database.write() as connection:
        pointers.rename(VIEWS, connection, source, target)
    return Response(status_code=204)
