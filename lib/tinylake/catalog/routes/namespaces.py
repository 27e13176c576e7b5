"""Namespaces and their properties."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from tinylake.catalog import errors, grants, locations, names, namespaces, pages
from tinylake.catalog.bodies import CreateNamespace, UpdateProperties
from tinylake.catalog.names import SEPARATOR
from tinylake.catalog.routes.calls import InNamespace, Reading, Writing

router = APIRouter(prefix="/v1/{prefix}/namespaces")


@router.get("")
def list_namespaces(call: Reading, page: pages.Asked, parent: Annotated[str, Query()] = "") -> dict[str, Any]:
    """The namespaces directly in `parent`, or at the top: those that the principal may see."""
    above = names.namespace(parent) if parent else ()
    with call.catalog.database.read() as connection:
        if above:
            namespaces.get(connection, above)
        paths = namespaces.children(connection, above)
    listed, token = page.cut(grants.visible(call.principal, paths))
    return {"namespaces": [path.split(SEPARATOR) for path in listed], "next-page-token": token}


@router.post("")
def create_namespace(call: Writing, body: CreateNamespace) -> dict[str, Any]:
    """A new namespace."""
    namespace = names.checked(body.namespace)
    grants.refuse_outsider(call.principal, namespace)
    locations.of_namespace(call.catalog.settings.location, namespace, body.properties)
    with call.catalog.database.write() as connection:
        namespaces.create(connection, namespace, body.properties)
    return {"namespace": list(namespace), "properties": body.properties}


@router.get("/{namespace}")
def load_namespace(call: Reading, namespace: InNamespace) -> dict[str, Any]:
    """A namespace and its properties."""
    with call.catalog.database.read() as connection:
        return {"namespace": list(namespace), "properties": namespaces.get(connection, namespace)}


@router.head("/{namespace}", status_code=204)
def namespace_exists(call: Reading, namespace: InNamespace) -> Response:
    """204, or 404."""
    with call.catalog.database.read() as connection:
        namespaces.get(connection, namespace)
    return Response(status_code=204)


@router.delete("/{namespace}", status_code=204)
def drop_namespace(call: Writing, namespace: InNamespace) -> Response:
    """Removes a namespace that holds nothing."""
    with call.catalog.database.write() as connection:
        namespaces.drop(connection, namespace)
    return Response(status_code=204)


@router.post("/{namespace}/properties")
def update_properties(call: Writing, namespace: InNamespace, body: UpdateProperties) -> dict[str, Any]:
    """Removes and sets properties; 422 for a key that is in both."""
    if both := sorted(set(body.removals) & set(body.updates)):
        raise errors.unprocessable(f"keys to remove and to update at once: {both}")
    removals = set(body.removals)
    with call.catalog.database.write() as connection:
        before = namespaces.get(connection, namespace)
        after = {key: value for key, value in before.items() if key not in removals} | body.updates
        locations.of_namespace(call.catalog.settings.location, namespace, after)
        namespaces.replace(connection, namespace, after)
    gone = sorted(removals & before.keys())
    return {"updated": sorted(body.updates), "removed": gone, "missing": sorted(removals - before.keys())}
