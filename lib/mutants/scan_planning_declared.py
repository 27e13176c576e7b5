"""An endpoint is declared, and not served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def endpoints() -> list[str]:
        return [*original(), "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/plan"]

    return endpoints


MUTANT = Mutant(
    name="scan_planning_declared",
    sentence="an endpoint is declared, and not served",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.app:_endpoints",
    replacement=_replacement,
    finds=("CAT-10",),
)

if __name__ == "__main__":
    MUTANT.serve()
