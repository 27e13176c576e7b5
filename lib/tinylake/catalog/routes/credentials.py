"""Credentials without the table: for a client whose first ones run out. Asking here is asking for them."""

from typing import Any

from fastapi import APIRouter

from tinylake.catalog import tables, vending
from tinylake.catalog.routes import loaded
from tinylake.catalog.routes.calls import OfTable, Reading

router = APIRouter(prefix="/v1/{prefix}/namespaces/{namespace}/tables/{table}")


@router.get("/credentials")
def load_credentials(call: Reading, name: OfTable) -> dict[str, Any]:
    """New credentials for the table; an empty list where nothing is vended, which is how the specification has none."""
    with call.catalog.database.read() as connection:
        pointer = tables.get(connection, name)
    return {"storage-credentials": vending.listed(pointer, loaded.credentials(call, name, pointer))}
