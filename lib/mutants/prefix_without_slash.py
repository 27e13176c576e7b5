"""The vended key opens orders* where orders/* was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def for_table(location: str, grant: Any) -> dict[str, Any]:
        allowed: dict[str, Any] = original(location, grant)
        statement = allowed["Statement"][0]
        statement["Resource"] = [f"{resource.removesuffix('/*')}*" for resource in statement["Resource"]]
        return allowed

    return for_table


MUTANT = Mutant(
    name="prefix_without_slash",
    sentence="the vended key opens orders* where orders/* was meant",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:for_table",
    replacement=_replacement,
    finds=("VEND-05", "VEND-12"),
)

if __name__ == "__main__":
    MUTANT.serve()
