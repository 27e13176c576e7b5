"""The first run that loads everything says partial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    judged: list[Any] = []

    def status_of(outcome: Any) -> Any:
        judged.append(outcome)
        return "partial" if outcome is judged[0] else original(outcome)

    return status_of


MUTANT = Mutant(
    name="success_called_partial",
    sentence="the first run that loads everything says partial",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.outcome:status_of",
    replacement=_replacement,
    finds=("ING-02",),
)

if __name__ == "__main__":
    MUTANT.serve()
