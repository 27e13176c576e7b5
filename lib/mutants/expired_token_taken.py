"""A token is known, so it is taken: nobody looks whether it has expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def unexpired(owner: Any) -> Any:
        return owner

    return unexpired


MUTANT = Mutant(
    name="expired_token_taken",
    sentence="a token is known, so it is taken: nobody looks whether it has expired",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.tokens:_unexpired",
    replacement=_replacement,
    finds=("VEND-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
