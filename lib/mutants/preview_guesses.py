"""A preview estimates the records by the size of a typical one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def look(definition: Any, kind: Any, credentials: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(definition, kind, credentials)
        return {**found, "estimated_records": found["file_count"] * 1024}

    return look


MUTANT = Mutant(
    name="preview_guesses",
    sentence="a preview estimates the records by the size of a typical one",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.preview:look",
    replacement=_replacement,
    finds=("ING-26",),
)

if __name__ == "__main__":
    MUTANT.serve()
