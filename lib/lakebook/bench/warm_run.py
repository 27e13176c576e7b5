"""What the runner costs on top of the cells."""

from __future__ import annotations

from statistics import median

from lakebook.bench import scenarios
from lakebook.bench.figure import Figure, Measured, Sizes


def measure(sizes: Sizes) -> Measured:
    """Return how many times the seconds of its cells a warm run takes: the median of several."""
    with scenarios.up(sizes):
        scenarios.run(sizes, jobs=1)
        ran = [scenarios.run(sizes, jobs=1) for _ in range(sizes.repeat)]
    seen = [f"run {number}: {one.seconds:.1f} s, cells {one.cell_seconds:.1f} s" for number, one in enumerate(ran, 1)]
    return Measured(median(one.seconds / one.cell_seconds for one in ran), tuple(seen))


FIGURE = Figure(
    "warm-run",
    "all scenarios, one at a time, stack up and fork server warm, reports included / the seconds of their cells in it",
    "times",
    1.5,
    measure,
)
