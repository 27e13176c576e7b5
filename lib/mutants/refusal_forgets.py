"""An unconfirmed refresh is refused after it has forgotten the loaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def refresh(context: Any, ingestion: Any, body: Any, mode: str) -> Any:
        if body is None or not body.confirm:
            files.forget(context.engine, ingestion.id)
        return original(context, ingestion, body, mode)

    return refresh


MUTANT = Mutant(
    name="refusal_forgets",
    sentence="an unconfirmed refresh is refused after it has forgotten the loaded files",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.routes.refresh:_refresh",
    replacement=_replacement,
    finds=("REF-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
