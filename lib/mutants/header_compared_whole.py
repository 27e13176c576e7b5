"""The delegation header is taken for one word, so that one who would take either gets neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def asked(header: str | None) -> set[str]:
        return {(header or "").lower()}

    return asked


MUTANT = Mutant(
    name="header_compared_whole",
    sentence="the delegation header is taken for one word, so that one who would take either gets neither",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.delegation:_asked",
    replacement=_replacement,
    finds=("VEND-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
