"""Renaming a table asks whose it is, and not whose the namespace is that it goes to."""

from typing import Any

from fastapi import APIRouter, Response

from mutants.mutant import Mutant
from tinylake.catalog import grants, names, tables
from tinylake.catalog.bodies import RenameTable
from tinylake.catalog.routes.calls import Writing


def _replacement(original: Any) -> Any:
    router = APIRouter(prefix=original.prefix)

    @router.post("/tables/rename", status_code=204)
    def rename_table(call: Writing, body: RenameTable) -> Response:
        source, target = (names.table(one.namespace, one.name) for one in (body.source, body.destination))
        grants.refuse_outsider(call.principal, source.namespace)
        with call.catalog.database.write() as connection:
            tables.rename(connection, source, target)
        return Response(status_code=204)

    router.routes.extend(original.routes)
    return router


MUTANT = Mutant(
    name="tables_moved_anywhere",
    sentence="renaming a table asks whose it is, and not whose the namespace is that it goes to",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.routes.naming:router",
    replacement=_replacement,
    finds=("VEND-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
