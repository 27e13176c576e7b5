"""A property of a namespace that is removed stays, though the answer says that it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import namespaces

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def replace(connection: Any, namespace: Any, properties: Any) -> None:
        original(connection, namespace, {**namespaces.get(connection, namespace), **properties})

    return replace


MUTANT = Mutant(
    name="removed_property_stays",
    sentence="a property of a namespace that is removed stays, though the answer says that it went",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.namespaces:replace",
    replacement=_replacement,
    finds=("CAT-02",),
)

if __name__ == "__main__":
    MUTANT.serve()
