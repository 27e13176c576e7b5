"""The vended credentials come with the address of another store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def credentials(*arguments: Any) -> dict[str, str]:
        return {**original(*arguments), "s3.endpoint": "http://127.0.0.1:9"}  # nothing listens there

    return credentials


MUTANT = Mutant(
    name="endpoint_wrong",
    sentence="the vended credentials come with the address of another store",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.vending:credentials",
    replacement=_replacement,
    finds=("VEND-01",),
)

if __name__ == "__main__":
    MUTANT.serve()
