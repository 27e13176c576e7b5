"""The deciders about namespaces, with listings that are right, and with names lost, added, or on another level."""

import pytest

from lakebook.checks import namespaces
from lakebook.lake.http import Answer

INNER = ("mine", "inner")


def made(name):
    return Answer(200, {"namespace": [*name]}, "")


def refusal(status):
    return Answer(status, {"error": {"message": "no", "type": "BadRequestException", "code": status}}, "")


def listing(*names):
    return Answer(200, {"namespaces": [[*name] for name in names]}, "")


HELD = {(): {("mine",)}, ("mine",): {INNER}, INNER: set()}
SHOWN = {(): listing(("mine",), ("theirs",)), ("mine",): listing(INNER), INNER: listing()}


def listed(**changed):
    found = SHOWN | {{"top": (), "mine": ("mine",), "inner": INNER}[name]: one for name, one in changed.items()}
    return namespaces.listed(found, HELD, prefix="mine")


def test_each_listing_shows_one_level():
    assert listed().ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"top": listing(("mine",), INNER)},
        {"top": listing(("theirs",))},
        {"top": listing(("mine",), ("mine",))},
        {"mine": listing()},
        {"mine": listing(("inner",))},
        {"mine": listing(INNER, ("mine", "inner", "most"))},
        {"inner": listing(INNER)},
        {"mine": refusal(404)},
    ],
)
def test_a_name_too_many_or_too_few_is_red(wrong):
    assert listed(**wrong).ok is False


def test_nothing_to_list_is_undecided():
    assert namespaces.listed({(): listing()}, {(): set()}, prefix="mine").ok is None


def test_a_catalog_that_nests_makes_it_there_and_a_flat_one_refuses():
    assert namespaces.nested({INNER: made(INNER)}, nests=True).ok
    assert namespaces.nested({INNER: refusal(400)}, nests=False).ok


@pytest.mark.parametrize("wrong", [refusal(400), made(("mine",)), made(("mine.inner",)), Answer(200, None, "")])
def test_one_that_nests_and_makes_another_is_red(wrong):
    assert namespaces.nested({INNER: wrong}, nests=True).ok is False


@pytest.mark.parametrize("wrong", [made(INNER), made(("mine.inner",)), refusal(500), Answer(400, "no", "")])
def test_one_that_is_flat_and_does_not_refuse_cleanly_is_red(wrong):
    assert namespaces.nested({INNER: wrong}, nests=False).ok is False
    assert namespaces.nested({}, nests=True).ok is None
