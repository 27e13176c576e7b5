"""Pages, without a server."""

from __future__ import annotations

import pytest

from tinylake.catalog import errors, pages
from tinylake.catalog.pages import Page


def test_without_a_question_everything_is_one_page() -> None:
    assert Page().cut(["b", "a"]) == (["a", "b"], None)


def test_what_comes_between_two_pages_is_listed_once() -> None:
    first, token = Page(page_size=2).cut(["a", "c", "e"])
    rest, end = Page(page_size=2, page_token=token).cut(["0", "a", "b", "c", "d", "e"])
    assert (first, rest, end) == (["a", "c"], ["d", "e"], None)


def test_a_token_is_opaque_and_comes_back() -> None:
    assert pages.decode(pages.encode("ä/\x1f")) == "ä/\x1f"


@pytest.mark.parametrize("token", ["%", "abc", "§§§§", "//79"])
def test_another_token_is_refused(token: str) -> None:
    with pytest.raises(errors.CatalogError, match="pageToken"):
        pages.decode(token)
