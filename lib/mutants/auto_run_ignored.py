"""A refresh triggers its run even where it was asked not to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def trigger_run(refresh: Any) -> Any:
        refresh.auto_run = True
        return original(refresh)

    return trigger_run


MUTANT = Mutant(
    name="auto_run_ignored",
    sentence="a refresh triggers its run even where it was asked not to",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:trigger_run",
    replacement=_replacement,
    finds=("REF-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
