"""A copy is signed wherever it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def check_source(*_: Any) -> None:
        return None

    return check_source


MUTANT = Mutant(
    name="signs_copies_from_anywhere",
    sentence="a copy is signed wherever it comes from",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.signable:_check_source",
    replacement=_replacement,
    finds=("VEND-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
