"""An endpoint is served, and not declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def endpoints() -> list[str]:
        return [one for one in original() if not one.endswith("/tables/rename")]

    return endpoints


MUTANT = Mutant(
    name="rename_undeclared",
    sentence="an endpoint is served, and not declared",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.app:_endpoints",
    replacement=_replacement,
    finds=("CAT-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
