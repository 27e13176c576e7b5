"""A type conflict is reported without the type that the file has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def conflict(*arguments: Any) -> Failure:
        whole = original(*arguments)
        return Failure(whole.error_type, whole.message.partition(", and the file has")[0])

    return conflict


MUTANT = Mutant(
    name="conflict_half_told",
    sentence="a type conflict is reported without the type that the file has",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.types:conflict",
    replacement=_replacement,
    finds=("EVO-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
