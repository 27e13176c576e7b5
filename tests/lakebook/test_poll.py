"""The one place that waits."""

import pytest

from lakebook import poll
from lakebook.errors import DeadlineError


def test_it_returns_the_first_state_that_is_done():
    states = iter([0, 0, 7, 8])
    assert poll.until(lambda: next(states), what="a number", deadline_seconds=5) == 7


def test_it_gives_up_with_the_last_state_seen():
    with pytest.raises(DeadlineError, match="still starting"):
        poll.until(lambda: "still starting", what="it", deadline_seconds=0.2, done=lambda state: state == "up")


def test_what_the_probe_raises_passes_through():
    def probe():
        raise KeyError("gone")

    with pytest.raises(KeyError):
        poll.until(probe, what="it", deadline_seconds=5)
