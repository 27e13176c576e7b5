"""A table that cannot be dropped is taken for one that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def drop(catalog: Any, namespace: str, table: str) -> bool:
        try:
            return bool(original(catalog, namespace, table))
        except Exception:  # noqa: BLE001 - the defect
            return False

    return drop


MUTANT = Mutant(
    name="drop_failure_swallowed",
    sentence="a table that cannot be dropped is taken for one that does not exist",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.destination:drop",
    replacement=_replacement,
    finds=("REF-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
