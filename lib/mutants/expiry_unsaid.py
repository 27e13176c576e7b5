"""The catalog does not say when its credentials expire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def credentials(*arguments: Any) -> dict[str, str]:
        vended: dict[str, str] = original(*arguments)
        return {name: value for name, value in vended.items() if name != "s3.session-token-expires-at-ms"}

    return credentials


MUTANT = Mutant(
    name="expiry_unsaid",
    sentence="the catalog does not say when its credentials expire",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.vending:credentials",
    replacement=_replacement,
    finds=("VEND-03", "VEND-09"),
)

if __name__ == "__main__":
    MUTANT.serve()
