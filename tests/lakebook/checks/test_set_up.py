"""The decider about a second set-up, with all that it may add, replace, or lose."""

import pytest

from lakebook.checks import set_up
from lakebook.lake.set_up import Again
from lakebook.stack.service import Endpoint

FIRST = {
    "tenants": [{"id": "t", "name": "lakebook"}],
    "warehouses": [{"id": "w", "name": "lakebook"}],
    "catalogs": [{"id": "c", "name": "lake"}],
}


def decided(after, *, before=FIRST, same_address=True):
    return set_up.changes_nothing(Again(before, after, same_address, Endpoint("")))


def test_a_second_set_up_finds_what_the_first_one_made():
    assert decided(FIRST).ok


@pytest.mark.parametrize("kind", FIRST)
def test_one_more_another_or_none_is_red(kind):
    another = {"id": "x", "name": FIRST[kind][0]["name"]}
    for wrong in ([*FIRST[kind], another], [another], []):
        assert decided(FIRST | {kind: wrong}).ok is False


def test_clients_that_are_sent_elsewhere_are_red():
    assert decided(FIRST, same_address=False).ok is False


def test_what_was_never_set_up_is_undecided():
    assert decided({}, before={}).ok is None
