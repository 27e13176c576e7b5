"""A retry loads whatever is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def only_retried(_service: Any, _retry_of: str, found: Any) -> Any:
        return found

    return only_retried


MUTANT = Mutant(
    name="retry_takes_everything",
    sentence="a retry loads whatever is new",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.execute:only_retried",
    replacement=_replacement,
    finds=("ING-30",),
)

if __name__ == "__main__":
    MUTANT.serve()
