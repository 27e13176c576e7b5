"""A commit to several tables is one commit after the other, up to the first that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import commits

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def commit_all(catalog: Any, asked: Any) -> None:
        for one in asked:
            commits.commit(catalog, one.name, one.required, one.updates)

    return commit_all


MUTANT = Mutant(
    name="one_table_after_the_other",
    sentence="a commit to several tables is one commit after the other, up to the first that is refused",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.commits:commit_all",
    replacement=_replacement,
    finds=("CAT-05",),
)

if __name__ == "__main__":
    MUTANT.serve()
