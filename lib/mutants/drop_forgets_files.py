"""With the table goes the list of loaded files, in every refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def drop_table(refresh: Any) -> Any:
        done = original(refresh)
        files.forget(refresh.service.engine, refresh.ingestion.id)
        return done

    return drop_table


MUTANT = Mutant(
    name="drop_forgets_files",
    sentence="with the table goes the list of loaded files, in every refresh",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:drop_table",
    replacement=_replacement,
    finds=("REF-04", "REF-05", "REF-06"),
)

if __name__ == "__main__":
    MUTANT.serve()
