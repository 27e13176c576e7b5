"""A commit whose answer was an error is taken for landed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.loaders import commit

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def _send(job: Any, table: Any, attempts: Any) -> None:
        try:
            original(job, table, attempts)
        except commit.TryAgainError:
            if not attempts.unclear:
                raise

    return _send


MUTANT = Mutant(
    name="error_taken_for_success",
    sentence="a commit whose answer was an error is taken for landed",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.commit:_send",
    replacement=_replacement,
    finds=("ING-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
