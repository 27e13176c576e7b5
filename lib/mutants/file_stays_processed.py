"""A full refresh forgets all files but one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def forget(engine: Any, ingestion_id: str) -> int:
        kept = files.etags(engine, ingestion_id)
        forgotten: int = original(engine, ingestion_id)
        with engine.begin() as connection:
            last = [files.SourceFile(path, etag, 0) for path, etag in sorted(kept.items())[-1:]]
            files.mark_processed(connection, ingestion_id, "run-of-before", last)
        return forgotten

    return forget


MUTANT = Mutant(
    name="file_stays_processed",
    sentence="a full refresh forgets all files but one",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.files:forget",
    replacement=_replacement,
    finds=("REF-02", "REF-03", "REF-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
