"""What every endpoint needs of its request: the catalog, the principal, and the names in its path.

Paths reach the routes as they came, percent-encoded, since a name may hold a slash; so they are decoded here.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, Path, Request

from tinylake.catalog import errors, grants, names
from tinylake.catalog.names import SEPARATOR, Namespace, TableName
from tinylake.catalog.settings import Principal
from tinylake.catalog.state import Catalog


@dataclass(frozen=True, slots=True)
class Call:
    """One request's catalog and principal, and the catalog's address as the client wrote it."""

    catalog: Catalog
    principal: Principal
    base: str


async def _catalog(request: Request) -> Catalog:
    catalog: Catalog = request.app.state.catalog
    return catalog


Here = Annotated[Catalog, Depends(_catalog)]


async def _reading(request: Request, catalog: Here, prefix: Annotated[str, Path()]) -> Call:
    if unquote(prefix) != catalog.settings.warehouse:
        raise errors.not_found(f"no such warehouse: {unquote(prefix)}")
    return Call(catalog, request.state.principal, str(request.base_url).rstrip("/"))


Reading = Annotated[Call, Depends(_reading)]


async def _writing(call: Reading) -> Call:
    grants.refuse_reader(call.principal)
    return call


Writing = Annotated[Call, Depends(_writing)]


async def _namespace(call: Reading, namespace: Annotated[str, Path()]) -> Namespace:
    found = names.namespace(unquote(namespace))
    grants.refuse_outsider(call.principal, found)
    return found


InNamespace = Annotated[Namespace, Depends(_namespace)]


async def _table(namespace: InNamespace, table: Annotated[str, Path()]) -> TableName:
    return names.table(namespace, unquote(table))


OfTable = Annotated[TableName, Depends(_table)]


async def _view(namespace: InNamespace, view: Annotated[str, Path()]) -> TableName:
    return names.table(namespace, unquote(view))


OfView = Annotated[TableName, Depends(_view)]


def address(warehouse: str, name: TableName) -> str:
    """A table's path, relative to the catalog's address."""
    namespace = quote(SEPARATOR.join(name.namespace), safe="")
    return f"v1/{quote(warehouse, safe='')}/namespaces/{namespace}/tables/{quote(name.name, safe='')}"
