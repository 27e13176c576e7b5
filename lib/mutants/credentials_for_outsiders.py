"""The endpoint for new credentials asks for no grant: it vends for any table whose name one knows."""

from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter

from mutants.mutant import Mutant
from tinylake.catalog import names
from tinylake.catalog.routes.calls import Reading


def _replacement(original: Any) -> Any:
    router = APIRouter(prefix=original.prefix)

    @router.get("/credentials")
    def load_credentials(call: Reading, namespace: str, table: str) -> Any:
        name = names.table(names.namespace(unquote(namespace)), unquote(table))
        return original.routes[0].endpoint(call, name)

    return router


MUTANT = Mutant(
    name="credentials_for_outsiders",
    sentence="the endpoint for new credentials asks for no grant: it vends for any table whose name one knows",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.routes.credentials:router",
    replacement=_replacement,
    finds=("VEND-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
