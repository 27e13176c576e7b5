"""A page begins after as many names as were shown, wherever names came or went meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import pages

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def cut(page: Any, names: Any) -> Any:
        if page.page_size is None:
            return original(page, names)
        begin = int(pages.decode(page.page_token)) if page.page_token else 0
        end = begin + page.page_size
        return sorted(names)[begin:end], pages.encode(str(end)) if end < len(names) else None

    return cut


MUTANT = Mutant(
    name="page_by_number",
    sentence="a page begins after as many names as were shown, wherever names came or went meanwhile",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.pages:Page.cut",
    replacement=_replacement,
    finds=("CAT-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
