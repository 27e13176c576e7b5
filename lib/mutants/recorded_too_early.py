"""The files of a run count as loaded before its commit is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files, runs

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def committing(engine: Any, run_id: str, draft: dict[str, Any]) -> None:
        original(engine, run_id, draft)
        run = runs.find(engine, run_id)
        if run:
            with engine.begin() as connection:
                loaded = [files.SourceFile(**file) for file in draft["files"]]
                files.mark_processed(connection, run.ingestion_id, run_id, loaded)

    return committing


MUTANT = Mutant(
    name="recorded_too_early",
    sentence="the files of a run count as loaded before its commit is sent",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.runs:committing",
    replacement=_replacement,
    finds=("ING-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
