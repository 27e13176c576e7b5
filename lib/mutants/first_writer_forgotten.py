"""A commit that asserts that there is no snapshot yet is taken where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def check(base: Any, requirements: Any) -> None:
        original(base, [one for one in requirements if getattr(one, "snapshot_id", 0) is not None])

    return check


MUTANT = Mutant(
    name="first_writer_forgotten",
    sentence="a commit that asserts that there is no snapshot yet is taken where there is one",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.requirements:check",
    replacement=_replacement,
    finds=("ING-22",),
)

if __name__ == "__main__":
    MUTANT.serve()
