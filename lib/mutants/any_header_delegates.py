"""Whoever sends a delegation header at all is sent credentials, one who asks for signing too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def wants_credentials(header: str | None) -> bool:
        return bool(header)

    return wants_credentials


MUTANT = Mutant(
    name="any_header_delegates",
    sentence="whoever sends a delegation header at all is sent credentials, one who asks for signing too",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.delegation:wants_credentials",
    replacement=_replacement,
    finds=("VEND-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
