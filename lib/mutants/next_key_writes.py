"""A reader's first key is narrow, but the endpoint for new credentials gives everyone a writer's."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from mutants.mutant import Mutant
from tinylake.catalog.routes.calls import OfTable, Reading


def _replacement(original: Any) -> Any:
    router = APIRouter(prefix=original.prefix)

    @router.get("/credentials")
    def load_credentials(call: Reading, name: OfTable) -> Any:
        writer = call.principal.model_copy(update={"grant": "write"})
        return original.routes[0].endpoint(replace(call, principal=writer), name)

    return router


MUTANT = Mutant(
    name="next_key_writes",
    sentence="a reader's first key is narrow, but the endpoint for new credentials gives everyone a writer's",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.routes.credentials:router",
    replacement=_replacement,
    finds=("VEND-06",),
)

if __name__ == "__main__":
    MUTANT.serve()
