"""An ingestion is described otherwise when it is asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    described: set[str] = set()

    def ingestion(engine: Any, found: Any) -> dict[str, Any]:
        answer: dict[str, Any] = original(engine, found)
        if found.id in described:
            answer["on_schema_change"] = "ignore"
        described.add(found.id)
        return answer

    return ingestion


MUTANT = Mutant(
    name="draft_changes",
    sentence="an ingestion is described otherwise when it is asked for again",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.shown:ingestion",
    replacement=_replacement,
    finds=("ING-01",),
)

if __name__ == "__main__":
    MUTANT.serve()
