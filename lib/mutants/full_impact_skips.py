"""The impact of a full refresh counts the loaded files as skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def impact_of(service: Any, ingestion: Any, _mode: str) -> Any:
        return original(service, ingestion, "new_only")

    return impact_of


MUTANT = Mutant(
    name="full_impact_skips",
    sentence="the impact of a full refresh counts the loaded files as skipped",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:impact_of",
    replacement=_replacement,
    finds=("REF-03", "REF-07"),
)

if __name__ == "__main__":
    MUTANT.serve()
