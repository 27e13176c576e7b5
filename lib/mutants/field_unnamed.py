"""The refusal of an invalid request does not say which field is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def _without_input(item: dict[str, Any]) -> dict[str, Any]:
        return {"type": item["type"], "loc": ["body"], "msg": "the request is invalid"}

    return _without_input


MUTANT = Mutant(
    name="field_unnamed",
    sentence="the refusal of an invalid request does not say which field is wrong",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.errors:_without_input",
    replacement=_replacement,
    finds=("ING-32",),
)

if __name__ == "__main__":
    MUTANT.serve()
