"""The log of which snapshot was the current one, and when, keeps its newest entry alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def changed(base: Any, updates: Any, location: Any) -> Any:
        after = original(base, updates, location)
        return after.model_copy(update={"snapshot_log": after.snapshot_log[-1:]})

    return changed


MUTANT = Mutant(
    name="history_of_one",
    sentence="the log of which snapshot was the current one, and when, keeps its newest entry alone",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.metadata:changed",
    replacement=_replacement,
    finds=("CAT-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
