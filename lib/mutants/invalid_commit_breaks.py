"""A commit that is not valid is answered with 500."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import edge, errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def invalid(*_: Any) -> Any:
        return edge.answer(errors.internal("unexpected error"))

    return invalid


MUTANT = Mutant(
    name="invalid_commit_breaks",
    sentence="a commit that is not valid is answered with 500",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.app:_invalid",
    replacement=_replacement,
    finds=("EVO-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
