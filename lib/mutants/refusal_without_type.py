"""Whoever has no token is refused with the body of the web framework, which no Iceberg client reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def answer(error: Any) -> Any:
        if error.status != 401:
            return original(error)
        return JSONResponse({"detail": error.message}, status_code=401)

    return answer


MUTANT = Mutant(
    name="refusal_without_type",
    sentence="whoever has no token is refused with the body of the web framework, which no Iceberg client reads",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.edge:answer",
    replacement=_replacement,
    finds=("VEND-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
