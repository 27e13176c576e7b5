"""The decider about a catalog that was killed, with writes lost, halved, repeated, and back from the dead."""

import pytest

from lakebook import faults
from lakebook.checks import durability
from lakebook.faults import COMMIT, Exchange
from lakebook.lake.writers import Write

KILL = faults.kill(COMMIT, lambda: None, when="answered")
SEEN = [Exchange(1, 0.0, "POST", "/x", 200, 200, KILL.name, 0.1)]
BEFORE = [Write(0, (0, 1), "acknowledged"), Write(1, (2, 3), "refused")]
DURING = [Write(0, (4, 5), "unknown"), Write(1, (6, 7), "acknowledged")]


def decided(*ids, exchanges=SEEN, before=BEFORE, during=DURING):
    return durability.kept(KILL, exchanges, before, during, ids, moment="now").ok


def test_what_was_acknowledged_is_there_and_what_is_unknown_whole_or_not_at_all():
    assert decided(0, 1, 6, 7)
    assert decided(7, 6, 5, 4, 1, 0)


@pytest.mark.parametrize(
    "ids",
    [
        (),
        (6, 7),
        (0, 6, 7),
        (0, 1),
        (0, 1, 1, 6, 7),
        (0, 1, 0, 1, 6, 7),
        (0, 1, 4, 6, 7),
        (0, 1, 4, 5, 4, 5, 6, 7),
        (0, 1, 2, 3, 6, 7),
        (0, 1, 6, 7, 99),
    ],
)
def test_a_write_lost_halved_repeated_or_of_nobody_is_red(ids):
    assert decided(*ids) is False


def test_without_a_kill_or_an_acknowledged_write_on_either_side_nothing_is_decided():
    assert decided(0, 1, 6, 7, exchanges=[]) is None
    assert decided(6, 7, before=BEFORE[1:]) is None
    assert decided(0, 1, during=DURING[:1]) is None
    assert decided(0, exchanges=[]) is False
