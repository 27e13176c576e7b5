"""A refresh of which an operation failed is called accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def failure(_done: Any) -> dict[str, Any]:
        return {}

    return failure


MUTANT = Mutant(
    name="failure_called_accepted",
    sentence="a refresh of which an operation failed is called accepted",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.routes.refresh:_failure",
    replacement=_replacement,
    finds=("REF-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
