"""One file of each source that was loaded is taken for new, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    forgotten: set[str] = {""}

    def select_new(present: Any, loaded: Any) -> Any:
        first = min(loaded, default="")
        if first in forgotten:
            return original(present, loaded)
        forgotten.add(first)
        return original(present, {path: etag for path, etag in loaded.items() if path != first})

    return select_new


MUTANT = Mutant(
    name="file_forgotten",
    sentence="one file of each source that was loaded is taken for new, once",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.discovery:select_new",
    replacement=_replacement,
    finds=("EVO-04", "ING-10", "REF-07"),
)

if __name__ == "__main__":
    MUTANT.serve()
