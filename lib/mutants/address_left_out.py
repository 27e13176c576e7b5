"""An error of the source says what is wrong, but not where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def failure_of(error: Exception, where: str) -> Any:
        failure = original(error, where)
        return type(failure)(failure.error_type, f"cannot read the source: {failure.error_type}")

    return failure_of


MUTANT = Mutant(
    name="address_left_out",
    sentence="an error of the source says what is wrong, but not where",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.source:failure_of",
    replacement=_replacement,
    finds=("ING-31",),
)

if __name__ == "__main__":
    MUTANT.serve()
