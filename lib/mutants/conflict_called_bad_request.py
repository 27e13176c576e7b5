"""A commit that came too late is answered with 400, as if it could never go through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    return errors.bad_request


MUTANT = Mutant(
    name="conflict_called_bad_request",
    sentence="a commit that came too late is answered with 400, as if it could never go through",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.errors:commit_failed",
    replacement=_replacement,
    finds=("EVO-14", "EVO-17"),
)

if __name__ == "__main__":
    MUTANT.serve()
