"""A principal is not shown the other's namespace, but let in when it knows the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_outsider(_principal: Any, _namespace: Any) -> None:
        return None

    return refuse_outsider


MUTANT = Mutant(
    name="outsiders_let_in",
    sentence="a principal is not shown the other's namespace, but let in when it knows the name",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.grants:refuse_outsider",
    replacement=_replacement,
    finds=("VEND-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
