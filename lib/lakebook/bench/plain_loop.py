"""What the runner gains over a loop of papermill commands."""

from __future__ import annotations

from statistics import median

from lakebook.bench import scenarios
from lakebook.bench.figure import Figure, Measured, Sizes
from lakebook.run.job import AT_ONCE


def measure(sizes: Sizes) -> Measured:
    """Return the share of a plain loop's seconds that a warm run takes."""
    scenarios.require_none_up(sizes)
    own = scenarios.loop(sizes)
    with scenarios.up(sizes):
        scenarios.run(sizes, jobs=AT_ONCE)
        one_stack = scenarios.loop(sizes)
        ran = median(scenarios.run(sizes, jobs=AT_ONCE).seconds for _ in range(sizes.repeat))
    return Measured(
        ran / own,
        (
            f"warm run, {AT_ONCE} at once: {ran:.1f} s",
            f"papermill, a command each, each with a stack of its own: {own:.1f} s",
            f"papermill, a command each, on one shared stack: {one_stack:.1f} s",
            f"the warm run takes {ran / own:.2f} of the former, {ran / one_stack:.2f} of the latter",
        ),
    )


FIGURE = Figure(
    "plain-loop",
    "all scenarios, as many at once as lakebook run takes, stack up and fork server warm / a shell loop of one "
    "papermill command a notebook, where each notebook starts the stack that it needs",
    "times",
    0.25,
    measure,
)
