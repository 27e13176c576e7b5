"""The catalog hands out the key that it works with itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def credentials(vendor: Any, settings: Any, *rest: Any) -> dict[str, str]:
        vended: dict[str, str] = original(vendor, settings, *rest)
        del vended["s3.session-token"], vended["s3.session-token-expires-at-ms"]
        own = {
            "s3.access-key-id": settings.s3_access_key_id,
            "s3.secret-access-key": settings.s3_secret_access_key.get_secret_value(),
        }
        return vended | own

    return credentials


MUTANT = Mutant(
    name="own_key_vended",
    sentence="the catalog hands out the key that it works with itself",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.vending:credentials",
    replacement=_replacement,
    finds=("VEND-03", "VEND-05", "VEND-06", "VEND-07", "VEND-09", "VEND-12", "VEND-14", "VEND-18"),
)

if __name__ == "__main__":
    MUTANT.serve()
