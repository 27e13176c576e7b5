"""The listing of namespaces is not cut to what the principal may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def visible(_principal: Any, paths: Any) -> list[str]:
        return list(paths)

    return visible


MUTANT = Mutant(
    name="names_shown_to_all",
    sentence="the listing of namespaces is not cut to what the principal may see",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.grants:visible",
    replacement=_replacement,
    finds=("VEND-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
