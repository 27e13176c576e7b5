"""Credentials are kept for whoever asks again, and handed out when they are over too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[tuple[str, str], Any] = {}

    def assume(vendor: Any, pointer: Any, principal: Any) -> Any:
        asked = (pointer.uuid, principal.grant)
        if asked not in kept:
            kept[asked] = original(vendor, pointer, principal)
        return kept[asked]

    return assume


MUTANT = Mutant(
    name="credentials_cached",
    sentence="credentials are kept for whoever asks again, and handed out when they are over too",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.vending:Vendor.assume",
    replacement=_replacement,
    finds=("VEND-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
