"""The refusal of a token repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def principal(header: str | None, known: Any) -> Any:
        try:
            return original(header, known)
        except errors.CatalogError as refusal:
            raise errors.not_authorized(f"{refusal.message}: {header}") from None

    return principal


MUTANT = Mutant(
    name="token_repeated",
    sentence="the refusal of a token repeats it",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.tokens:principal",
    replacement=_replacement,
    finds=("VEND-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
