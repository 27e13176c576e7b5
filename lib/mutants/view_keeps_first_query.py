"""A view that is replaced gets another version, and the first one stays the current."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def changed(base: Any, asked: Any) -> Any:
        after = original(base, asked)
        return after.model_copy(update={"current_version_id": base.current_version_id})

    return changed


MUTANT = Mutant(
    name="view_keeps_first_query",
    sentence="a view that is replaced gets another version, and the first one stays the current",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.view_metadata:changed",
    replacement=_replacement,
    finds=("CAT-04",),
)

if __name__ == "__main__":
    MUTANT.serve()
