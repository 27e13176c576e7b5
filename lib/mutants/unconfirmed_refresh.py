"""A refresh that nobody confirmed is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def is_confirmed(_confirm: Any) -> bool:
        return True

    return is_confirmed


MUTANT = Mutant(
    name="unconfirmed_refresh",
    sentence="a refresh that nobody confirmed is carried out",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.refresh:is_confirmed",
    replacement=_replacement,
    finds=("REF-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
