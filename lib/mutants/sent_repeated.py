"""A body that is not understood is told back, with the part that was not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def fault(found: Any) -> str:
        return str(found["msg"])

    return fault


MUTANT = Mutant(
    name="sent_repeated",
    sentence="a body that is not understood is told back, with the part that was not understood",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.app:_fault",
    replacement=_replacement,
    finds=("VEND-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
