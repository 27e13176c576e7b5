"""The catalog's own key stands beside the store's address, in every answer that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def store(settings: Any) -> dict[str, str]:
        own = {
            "s3.access-key-id": settings.s3_access_key_id,
            "s3.secret-access-key": settings.s3_secret_access_key.get_secret_value(),
        }
        place: dict[str, str] = original(settings)
        return place | own

    return store


MUTANT = Mutant(
    name="own_key_in_every_answer",
    sentence="the catalog's own key stands beside the store's address, in every answer that has one",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.delegation:store",
    replacement=_replacement,
    finds=("VEND-02", "VEND-10"),
)

if __name__ == "__main__":
    MUTANT.serve()
