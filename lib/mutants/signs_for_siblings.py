"""What is signed for a table is signed for every other whose name begins like its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def is_inside(bucket: str, folder: str, asked_bucket: str, key: str) -> bool:
        return asked_bucket == bucket and key.startswith(folder.rstrip("/"))

    return is_inside


MUTANT = Mutant(
    name="signs_for_siblings",
    sentence="what is signed for a table is signed for every other whose name begins like its own",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.signable:_is_inside",
    replacement=_replacement,
    finds=("VEND-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
