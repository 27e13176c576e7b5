"""How long a profile's services take until all are ready."""

from __future__ import annotations

import time
from statistics import median

from lakebook import profile
from lakebook.bench.figure import Figure, Measured, Sizes
from lakebook.stack import stack


def measure(sizes: Sizes) -> Measured:
    """Return the median of several starts, in seconds."""
    seconds = [_once(sizes) for _ in range(sizes.repeat)]
    return Measured(median(seconds), tuple(f"start {number}: {one:.2f} s" for number, one in enumerate(seconds, 1)))


def _once(sizes: Sizes) -> float:
    begin = time.monotonic()
    with stack.lent(profile.load(sizes.profile)):
        return time.monotonic() - begin


FIGURE = Figure(
    "stack-ready",
    "seconds from nothing to all services of the profile ready (median)",
    "s",
    5.0,
    measure,
)
