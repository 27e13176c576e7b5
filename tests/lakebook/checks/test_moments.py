"""The deciders about time travel, with what was current, and with everything one moment off."""

from datetime import UTC, datetime, timedelta

import pytest

from lakebook.checks import moments
from lakebook.lake.moments import Seen, around, before

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = [FIRST, FIRST + timedelta(seconds=1), FIRST + timedelta(seconds=2)]
VERSIONS = [(1,), (1, 2), (2,)]
AT = around(MOMENTS)
RIGHT = [(1,), (1,), (1, 2), (1, 2), (2,)]


def shown(*versions):
    seen = [Seen(at, ids) for at, ids in zip(AT, versions, strict=True)]
    return moments.shows_what_was_current(seen, MOMENTS, VERSIONS)


def test_each_version_is_current_from_its_moment_on():
    assert shown(*RIGHT).ok
    assert shown(*RIGHT[:2], (2, 1), *RIGHT[3:]).ok  # rows have no order


@pytest.mark.parametrize("place", range(5))
def test_another_version_at_any_moment_is_red(place):
    for wrong in {(1,), (1, 2), (2,), ()} - {RIGHT[place]}:
        assert shown(*RIGHT[:place], wrong, *RIGHT[place + 1 :]).ok is False


def test_a_refusal_is_red_and_told():
    decision = moments.shows_what_was_current([Seen(MOMENTS[0], (), "cannot")], MOMENTS, VERSIONS)
    assert decision.ok is False
    assert "cannot" in str(decision.got)


def test_a_history_that_is_not_kept_is_red():
    assert moments.shows_what_was_current([Seen(MOMENTS[2], (2,))], MOMENTS[2:], VERSIONS).ok is False


def test_versions_that_do_not_differ_decide_nothing():
    same = [Seen(MOMENTS[0], (1,))]
    assert moments.shows_what_was_current(same, MOMENTS[:2], [(1,), (1,)]).ok is None
    assert moments.shows_what_was_current([], MOMENTS, VERSIONS).ok is None


def test_before_all_there_is_nothing():
    assert moments.refused_before_all(Seen(before(MOMENTS), (), "no snapshot"), MOMENTS).ok
    assert moments.refused_before_all(Seen(before(MOMENTS), ()), MOMENTS).ok
    assert moments.refused_before_all(Seen(before(MOMENTS), (1,)), MOMENTS).ok is False
    assert moments.refused_before_all(Seen(FIRST, (), "no snapshot"), MOMENTS).ok is False
