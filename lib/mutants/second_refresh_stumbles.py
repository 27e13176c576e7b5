"""A refresh fails where the table is already gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def drop(catalog: Any, namespace: str, table: str) -> bool:
        if not original(catalog, namespace, table):
            raise Failure(ErrorType.CATALOG_REFUSED, f"there is no table {namespace}.{table}")
        return True

    return drop


MUTANT = Mutant(
    name="second_refresh_stumbles",
    sentence="a refresh fails where the table is already gone",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.destination:drop",
    replacement=_replacement,
    finds=("REF-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
