"""A new-only refresh that nobody confirmed is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def refresh(context: Any, ingestion: Any, body: Any, mode: str) -> Any:
        confirmed = body.model_copy(update={"confirm": True}) if mode == "new_only" else body
        return original(context, ingestion, confirmed, mode)

    return refresh


MUTANT = Mutant(
    name="new_only_unconfirmed",
    sentence="a new-only refresh that nobody confirmed is carried out",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.routes.refresh:_refresh",
    replacement=_replacement,
    finds=("REF-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
