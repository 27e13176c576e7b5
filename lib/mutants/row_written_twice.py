"""The first row of each batch is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def write(writer: Any, batch: Any) -> None:
        original(writer, batch)
        original(writer, batch.slice(0, 1))

    return write


MUTANT = Mutant(
    name="row_written_twice",
    sentence="the first row of each batch is written twice",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.writer:DataFileWriter.write",
    replacement=_replacement,
    finds=("ING-04", "ING-06", "ING-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
