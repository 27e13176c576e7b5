"""Each page but the first begins with the name that the one before it ended with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.catalog import pages

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def cut(page: Any, names: Any) -> Any:
        shown, token = original(page, names)
        return [*([pages.decode(page.page_token)] if page.page_token else []), *shown], token

    return cut


MUTANT = Mutant(
    name="page_repeats_last",
    sentence="each page but the first begins with the name that the one before it ended with",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.pages:Page.cut",
    replacement=_replacement,
    finds=("CAT-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
