"""A run takes a hundred files, and leaves the others for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def select_new(present: Any, loaded: Any) -> Any:
        found = original(present, loaded)
        return type(found)(found.new[:100], found.changed, found.known)

    return select_new


MUTANT = Mutant(
    name="hundred_files_a_run",
    sentence="a run takes a hundred files, and leaves the others for the next",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.discovery:select_new",
    replacement=_replacement,
    finds=("ING-21",),
)

if __name__ == "__main__":
    MUTANT.serve()
