"""A commit that loses its race is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.loaders import commit

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def _send(job: Any, table: Any, attempts: Any) -> None:
        try:
            original(job, table, attempts)
        except commit.TryAgainError as error:
            raise Failure(ErrorType.COMMIT_CONFLICT, attempts.last_error) from error

    return _send


MUTANT = Mutant(
    name="conflict_given_up",
    sentence="a commit that loses its race is not made again",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.commit:_send",
    replacement=_replacement,
    finds=("ING-22",),
)

if __name__ == "__main__":
    MUTANT.serve()
