"""A file that was overwritten after it was loaded is loaded again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def select_new(present: Any, loaded: Any) -> Any:
        found = original(present, loaded)
        return type(found)([*found.new, *found.changed], found.changed, found.known)

    return select_new


MUTANT = Mutant(
    name="changed_file_reloaded",
    sentence="a file that was overwritten after it was loaded is loaded again",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.discovery:select_new",
    replacement=_replacement,
    finds=("ING-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
