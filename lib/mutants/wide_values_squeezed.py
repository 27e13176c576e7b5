"""Under the policy ignore doubles are cast into columns of floats, where they become infinite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def may_widen(_: str) -> bool:
        return True

    return may_widen


MUTANT = Mutant(
    name="wide_values_squeezed",
    sentence="under the policy ignore doubles are cast into columns of floats, where they become infinite",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:may_widen",
    replacement=_replacement,
    finds=("EVO-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
