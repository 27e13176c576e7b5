"""The policy fail loads the files without a new field, and fails the others alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def plan(table: Any, files: Any, policy: str) -> Any:
        refused = {}
        for path, row in files.items() if policy == "fail" else ():
            try:
                original(table, {path: row}, policy)
            except Failure as failure:
                refused[path] = failure
        made = original(table, {path: row for path, row in files.items() if path not in refused}, policy)
        return replace(made, rejected={**made.rejected, **refused})

    return plan


MUTANT = Mutant(
    name="fail_policy_half",
    sentence="the policy fail loads the files without a new field, and fails the others alone",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.schema.evolution:plan",
    replacement=_replacement,
    finds=("EVO-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
