"""The list of loaded files is read once a minute, not once a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


_SECONDS = 60


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    read: dict[str, tuple[float, dict[str, str]]] = {}

    def etags(engine: Any, ingestion_id: str) -> dict[str, str]:
        at, known = read.get(ingestion_id, (float("-inf"), {}))
        if time.monotonic() - at > _SECONDS:
            known = original(engine, ingestion_id)
            read[ingestion_id] = (time.monotonic(), known)
        return known

    return etags


MUTANT = Mutant(
    name="loaded_files_cached",
    sentence="the list of loaded files is read once a minute, not once a run",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.files:etags",
    replacement=_replacement,
    finds=("ING-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
