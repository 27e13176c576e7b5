"""A file that was overwritten with as many bytes passes as unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    sizes: dict[str, int] = {}

    def select_new(present: Any, loaded: Any) -> Any:
        found = original(present, loaded)
        for file in found.new:
            sizes[file.path] = file.size
        same = [file for file in found.changed if sizes.get(file.path) == file.size]
        return type(found)(found.new, [file for file in found.changed if file not in same], [*found.known, *same])

    return select_new


MUTANT = Mutant(
    name="sizes_compared",
    sentence="a file that was overwritten with as many bytes passes as unchanged",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.discovery:select_new",
    replacement=_replacement,
    finds=("ING-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
