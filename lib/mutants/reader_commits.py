"""A reader's key is narrow, but the catalog lets readers commit, rename and drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_reader(_principal: Any) -> None:
        return None

    return refuse_reader


MUTANT = Mutant(
    name="reader_commits",
    sentence="a reader's key is narrow, but the catalog lets readers commit, rename and drop",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.grants:refuse_reader",
    replacement=_replacement,
    finds=("VEND-06",),
)

if __name__ == "__main__":
    MUTANT.serve()
