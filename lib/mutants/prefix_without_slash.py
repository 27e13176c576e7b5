"""The vended key opens orders* where orders/* was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def folder(path: str) -> str:
        return str(original(path)).removesuffix("/")

    return folder


MUTANT = Mutant(
    name="prefix_without_slash",
    sentence="the vended key opens orders* where orders/* was meant",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:folder",
    replacement=_replacement,
    finds=("VEND-05", "VEND-12"),
)

if __name__ == "__main__":
    MUTANT.serve()
