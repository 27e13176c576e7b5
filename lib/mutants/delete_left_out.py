"""The vended key of a writer cannot delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def for_table(location: str, grant: Any) -> dict[str, Any]:
        allowed: dict[str, Any] = original(location, grant)
        actions = allowed["Statement"][0]["Action"]
        allowed["Statement"][0]["Action"] = [action for action in actions if action != "s3:DeleteObject"]
        return allowed

    return for_table


MUTANT = Mutant(
    name="delete_left_out",
    sentence="the vended key of a writer cannot delete",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:for_table",
    replacement=_replacement,
    finds=("VEND-04",),
)

if __name__ == "__main__":
    MUTANT.serve()
