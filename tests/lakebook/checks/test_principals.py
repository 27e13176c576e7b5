"""Deciders about principals."""

import pytest

from lakebook.checks import principals
from lakebook.lake.http import Answer

GRANTED = {"alice": ["ns_alice"], "bob": ["ns_bob"]}


def test_each_sees_its_own():
    assert principals.sees({"alice": ["ns_alice"], "bob": ["ns_bob"]}, GRANTED).ok


@pytest.mark.parametrize("seen", [["ns_alice", "ns_bob"], [], ["ns_bob"]])
def test_more_or_less_is_red(seen):
    assert principals.sees({"alice": seen, "bob": ["ns_bob"]}, GRANTED).ok is False
    assert principals.sees({"bob": ["ns_bob"]}, GRANTED).ok is False


@pytest.mark.parametrize("granted", [{}, {"alice": ["ns_alice"]}, {"alice": [], "bob": []}])
def test_without_two_principals_that_may_see_something_it_is_undecided(granted):
    assert principals.sees(granted, granted).ok is None


def test_what_is_ones_own_must_be_served():
    assert principals.served([Answer(200, {}, "GET /a")]).ok
    assert principals.served([Answer(200, {}, "GET /a"), Answer(403, {}, "GET /b")]).ok is False
    assert principals.served([]).ok is None
