"""Names of tables: list, create, register, rename."""

from typing import Any

from fastapi import APIRouter, Response

from tinylake.catalog import creation, grants, names, pages, tables
from tinylake.catalog.bodies import CreateTable, RegisterTable, RenameTable
from tinylake.catalog.routes import loaded
from tinylake.catalog.routes.calls import InNamespace, Reading, Writing

router = APIRouter(prefix="/v1/{prefix}")


@router.get("/namespaces/{namespace}/tables")
def list_tables(call: Reading, namespace: InNamespace, page: pages.Asked) -> dict[str, Any]:
    """The tables of a namespace."""
    with call.catalog.database.read() as connection:
        listed, token = page.cut(tables.listed(connection, namespace))
    identifiers = [{"namespace": list(namespace), "name": name} for name in listed]
    return {"identifiers": identifiers, "next-page-token": token}


@router.post("/namespaces/{namespace}/tables")
def create_table(call: Writing, namespace: InNamespace, body: CreateTable, asked: loaded.Delegation = None) -> Response:
    """A new table, or a staged one."""
    name = names.table(namespace, body.name)
    return loaded.answer(call, name, creation.create(call.catalog, name, body), asked)


@router.post("/namespaces/{namespace}/register")
def register_table(
    call: Writing, namespace: InNamespace, body: RegisterTable, asked: loaded.Delegation = None
) -> Response:
    """A table from its metadata file."""
    name = names.table(namespace, body.name)
    found = creation.register(call.catalog, name, body.metadata_location, overwrite=body.overwrite)
    return loaded.answer(call, name, found, asked)


@router.post("/tables/rename", status_code=204)
def rename_table(call: Writing, body: RenameTable) -> Response:
    """Gives a table another name; its files stay where they are."""
    source = names.table(body.source.namespace, body.source.name)
    target = names.table(body.destination.namespace, body.destination.name)
    for name in (source, target):
        grants.refuse_outsider(call.principal, name.namespace)
    with call.catalog.database.write() as connection:
        tables.rename(connection, source, target)
    return Response(status_code=204)
