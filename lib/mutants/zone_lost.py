"""A column of moments with a zone becomes one of moments without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def new(schema: Any, *rest: Any) -> Any:
        fields = [{**one, "type": "timestamp"} if one["type"] == "timestamptz" else one for one in schema["fields"]]
        return original({**schema, "fields": fields}, *rest)

    return new


MUTANT = Mutant(
    name="zone_lost",
    sentence="a column of moments with a zone becomes one of moments without",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.metadata:new",
    replacement=_replacement,
    finds=("CAT-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
