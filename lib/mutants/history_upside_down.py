"""The run history lists the oldest run first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def history(*arguments: Any) -> list[Any]:
        return list(reversed(original(*arguments)))

    return history


MUTANT = Mutant(
    name="history_upside_down",
    sentence="the run history lists the oldest run first",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.store.runs:history",
    replacement=_replacement,
    finds=("ING-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
