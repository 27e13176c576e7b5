"""The one place that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from lakebook.errors import DeadlineError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def until(
    probe: Callable[[], T],
    *,
    what: str,
    deadline_seconds: float,
    done: Callable[[T], bool] = bool,
    longest_pause_seconds: float = 0.5,
) -> T:
    """Return the first state for which `done` holds, asking `probe` until then.

    Raises DeadlineError after `deadline_seconds`, with the last state seen. What `probe` raises passes through.
    """
    attempts = Retrying(
        retry=retry_if_result(lambda state: not done(state)),
        stop=stop_after_delay(deadline_seconds),
        wait=wait_exponential(multiplier=TIMEOUTS.poll_interval, exp_base=1.3, max=longest_pause_seconds),
    )
    try:
        return attempts(probe)
    except RetryError as gave_up:
        last = gave_up.last_attempt.result()
        raise DeadlineError(
            f"waited {deadline_seconds:g} s for {what}, in vain", expected=what, got=f"last seen: {last!r:.400}"
        ) from None
