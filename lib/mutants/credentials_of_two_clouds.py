"""The catalog sends credentials by another cloud's names, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def credentials(*given: Any) -> dict[str, str]:
        vended: dict[str, str] = original(*given)
        return {**vended, "gcs.oauth2.token": vended["s3.session-token"]}

    return credentials


MUTANT = Mutant(
    name="credentials_of_two_clouds",
    sentence="the catalog sends credentials by another cloud's names, too",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.vending:credentials",
    replacement=_replacement,
    finds=("VEND-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
