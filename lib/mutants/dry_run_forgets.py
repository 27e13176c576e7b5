"""A dry run clears the list of loaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import files

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def impact_of(service: Any, ingestion: Any, mode: str) -> dict[str, Any]:
        answer: dict[str, Any] = original(service, ingestion, mode)
        files.forget(service.engine, ingestion.id)
        return answer

    return impact_of


MUTANT = Mutant(
    name="dry_run_forgets",
    sentence="a dry run clears the list of loaded files",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:impact_of",
    replacement=_replacement,
    finds=("REF-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
