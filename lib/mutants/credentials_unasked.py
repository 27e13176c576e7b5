"""Credentials are sent to clients that did not ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def wants_credentials(_header: str | None) -> bool:
        return True

    return wants_credentials


MUTANT = Mutant(
    name="credentials_unasked",
    sentence="credentials are sent to clients that did not ask for them",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.delegation:wants_credentials",
    replacement=_replacement,
    finds=("VEND-02", "VEND-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
