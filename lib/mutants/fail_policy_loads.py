"""The policy fail loads the rows without the new field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def decide_changes(policy: str, *arguments: Any) -> list[Any]:
        return [] if policy == "fail" else original(policy, *arguments)

    return decide_changes


MUTANT = Mutant(
    name="fail_policy_loads",
    sentence="the policy fail loads the rows without the new field",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:decide_changes",
    replacement=_replacement,
    finds=("EVO-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
