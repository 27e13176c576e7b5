"""The refusal of an id that does not exist does not say which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def unknown(kind: str, _identifier: str) -> Any:
        return original(kind, "?")

    return unknown


MUTANT = Mutant(
    name="id_unnamed",
    sentence="the refusal of an id that does not exist does not say which",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.context:unknown",
    replacement=_replacement,
    finds=("ING-32",),
)

if __name__ == "__main__":
    MUTANT.serve()
