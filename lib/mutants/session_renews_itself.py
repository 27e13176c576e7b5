"""A vended session may assume its role again, so that it never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def for_table(location: str, grant: Any) -> dict[str, Any]:
        allowed: dict[str, Any] = original(location, grant)
        renewal = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": ["*"]}
        return {**allowed, "Statement": [*allowed["Statement"], renewal]}

    return for_table


MUTANT = Mutant(
    name="session_renews_itself",
    sentence="a vended session may assume its role again, so that it never ends",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.policy:for_table",
    replacement=_replacement,
    finds=("VEND-18",),
)

if __name__ == "__main__":
    MUTANT.serve()
