"""The request log has the Authorization header of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import edge

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def log_request(scope: Any, *rest: Any) -> None:
        original(scope, *rest)
        header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        edge.log.info("headers", extra={"authorization": header})

    return log_request


MUTANT = Mutant(
    name="headers_logged",
    sentence="the request log has the Authorization header of each request",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.edge:_log_request",
    replacement=_replacement,
    finds=("VEND-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
