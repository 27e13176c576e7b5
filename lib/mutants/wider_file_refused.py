"""A file with wider values counts as one in conflict with the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def may_widen(_: str) -> bool:
        return False

    return may_widen


MUTANT = Mutant(
    name="wider_file_refused",
    sentence="a file with wider values counts as one in conflict with the table",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:may_widen",
    replacement=_replacement,
    finds=(
        "EVO-08",
        "EVO-15",
        "EVO-16",
    ),
)

if __name__ == "__main__":
    MUTANT.serve()
