"""A refresh says that it dropped the table, and leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def drop_table(_refresh: Any) -> str:
        return "dropped, files included"

    return drop_table


MUTANT = Mutant(
    name="table_not_dropped",
    sentence="a refresh says that it dropped the table, and leaves it",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:drop_table",
    replacement=_replacement,
    finds=("REF-01", "REF-02", "REF-04", "REF-05", "REF-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
