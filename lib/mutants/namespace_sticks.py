"""A namespace that once held a table cannot be dropped again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def drop(_connection: Any, namespace: Any) -> None:
        raise errors.namespace_not_empty(".".join(namespace))

    return drop


MUTANT = Mutant(
    name="namespace_sticks",
    sentence="a namespace that once held a table cannot be dropped again",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.namespaces:drop",
    replacement=_replacement,
    finds=("VEND-01", "VEND-02"),
)

if __name__ == "__main__":
    MUTANT.serve()
