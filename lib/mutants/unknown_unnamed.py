"""What does not exist is refused without its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def unknown(kind: str, _identifier: str) -> Any:
        return original(kind, "you asked for")

    return unknown


MUTANT = Mutant(
    name="unknown_unnamed",
    sentence="what does not exist is refused without its name",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.errors:unknown",
    replacement=_replacement,
    finds=("REF-13",),
)

if __name__ == "__main__":
    MUTANT.serve()
