"""The schema versions do not tell of changed types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def changes_between(*arguments: Any) -> list[Any]:
        return [change for change in original(*arguments) if change["change_type"] != "TYPE_CHANGE"]

    return changes_between


MUTANT = Mutant(
    name="type_change_untold",
    sentence="the schema versions do not tell of changed types",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.outcome:changes_between",
    replacement=_replacement,
    finds=("EVO-16",),
)

if __name__ == "__main__":
    MUTANT.serve()
