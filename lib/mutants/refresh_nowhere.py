"""The address at which new credentials are to be had lacks its first part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def address(*arguments: Any) -> str:
        path: str = original(*arguments)
        return path.removeprefix("v1/")

    return address


MUTANT = Mutant(
    name="refresh_nowhere",
    sentence="the address at which new credentials are to be had lacks its first part",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.routes.loaded:address",
    replacement=_replacement,
    finds=("VEND-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
