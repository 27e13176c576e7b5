"""A malformed file fails the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def named(path: str, failure: Any) -> Any:
        raise original(path, failure)

    return named


MUTANT = Mutant(
    name="bad_file_fails_all",
    sentence="a malformed file fails the whole run",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.reading:named",
    replacement=_replacement,
    finds=("ING-30",),
)

if __name__ == "__main__":
    MUTANT.serve()
