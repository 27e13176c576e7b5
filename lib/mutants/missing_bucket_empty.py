"""A bucket that does not exist is taken for one without files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def objects(source: Any) -> Any:
        try:
            yield from original(source)
        except Failure as failure:
            if failure.error_type != ErrorType.MISSING_BUCKET:
                raise

    return objects


MUTANT = Mutant(
    name="missing_bucket_empty",
    sentence="a bucket that does not exist is taken for one without files",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.source:Source.objects",
    replacement=_replacement,
    finds=("ING-31",),
)

if __name__ == "__main__":
    MUTANT.serve()
