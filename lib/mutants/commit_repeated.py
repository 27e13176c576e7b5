"""A commit whose answer was an error is sent again, without a look at the table's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def landed(_table: Any, _ingestion_id: str) -> dict[str, Any]:
        return {}

    return landed


MUTANT = Mutant(
    name="commit_repeated",
    sentence="a commit whose answer was an error is sent again, without a look at the table's history",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.identity:landed",
    replacement=_replacement,
    finds=("ING-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
