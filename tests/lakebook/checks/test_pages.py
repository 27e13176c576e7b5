"""The deciders about pages, with names that are skipped, shown twice, and shown of nobody."""

import pytest

from lakebook.checks import pages

NAMES = ["a", "b", "c", "d", "e"]


def test_every_name_once_is_right_however_the_pages_are_cut():
    for shown in (
        [["a", "b"], ["c", "d"], ["e"]],
        [["a", "b"], ["c", "d"], ["e"], []],
        [["e", "a"], ["d", "c"], ["b"]],
    ):
        assert pages.each_once(shown, NAMES, size=2).ok


def test_a_catalog_without_pages_shows_all_on_one():
    assert pages.each_once([NAMES], NAMES, size=2).ok


@pytest.mark.parametrize(
    "wrong",
    [
        [["a", "b"], ["c", "d"]],
        [["a", "b"], ["b", "c"], ["d", "e"]],
        [["a", "b"], ["c", "d"], ["e", "f"]],
        [["a", "b", "c"], ["d", "e"]],
        [[]],
        [],
    ],
)
def test_a_name_too_few_too_many_or_a_page_too_long_is_red(wrong):
    assert pages.each_once(wrong, NAMES, size=2).ok is False


def test_without_names_it_is_undecided():
    assert pages.each_once([[]], [], size=2).ok is None


@pytest.mark.parametrize("shown", [[["a", "b"], ["c", "x"]], [["a", "b"], ["c"]], [["x", "a"], ["b", "c"]]])
def test_what_came_or_went_may_be_shown_or_not(shown):
    assert pages.stable_once(shown, ["a", "b", "c"], ["x"], size=2).ok


@pytest.mark.parametrize(
    "wrong", [[["a", "b"], ["x"]], [["a", "b"], ["b", "c"]], [["a", "x"], ["x", "b"], ["c"]], [["a", "b"], ["c", "y"]]]
)
def test_what_stayed_is_missing_or_anything_shown_twice_is_red(wrong):
    assert pages.stable_once(wrong, ["a", "b", "c"], ["x"], size=2).ok is False


def test_a_catalog_without_pages_shows_what_was_there_at_once():
    assert pages.stable_once([["a", "b", "c"]], ["a", "b", "c"], ["x"], size=2).ok
    assert pages.stable_once([["a", "b"]], ["a", "b", "c"], ["x"], size=2).ok is False


def test_where_nothing_stayed_or_nothing_moved_it_is_undecided():
    assert pages.stable_once([["a", "b"], ["c"]], ["a", "b", "c"], [], size=2).ok is None
    assert pages.stable_once([["x"], []], [], ["x"], size=2).ok is None
