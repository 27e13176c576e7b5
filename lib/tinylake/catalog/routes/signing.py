"""Remote signing of requests to the object store, table by table."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from tinylake.catalog import errors, tables
from tinylake.catalog.bodies import SignRequest
from tinylake.catalog.routes.calls import OfTable, Reading

router = APIRouter(prefix="/v1/{prefix}/namespaces/{namespace}/tables/{table}")


@router.post("/sign")
def sign_request(
    call: Reading, name: OfTable, body: SignRequest, response: Response, staged: Annotated[str, Query()] = ""
) -> dict[str, Any]:
    """The request, signed; what it does decides whether the principal may. `staged` is a staged table's ticket."""
    with call.catalog.database.read() as connection:
        pointer = tables.find(connection, name)
        if pointer is None and staged:
            pointer = call.catalog.tickets.take(connection, staged, name, call.principal)
    if pointer is None:
        raise errors.no_such_table(str(name))
    response.headers["Cache-Control"] = "no-store"
    return call.catalog.signer.sign(pointer, call.principal, body)
