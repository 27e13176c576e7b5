"""A run fails while a run of another ingestion is under way."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    only = Lock()

    def _work(service: Any, ingestion: Any, run: Any) -> Any:
        if not only.acquire(blocking=False):
            raise Failure(ErrorType.INTERNAL, "the spool is locked by another run")
        try:
            return original(service, ingestion, run)
        finally:
            only.release()

    return _work


MUTANT = Mutant(
    name="one_run_at_a_time",
    sentence="a run fails while a run of another ingestion is under way",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.execute:_work",
    replacement=_replacement,
    finds=("ING-22",),
)

if __name__ == "__main__":
    MUTANT.serve()
