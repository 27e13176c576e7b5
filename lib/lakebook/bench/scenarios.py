"""All scenarios in a row, in the ways that are compared: by the runner, warm, and by one papermill command each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import profile, project
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.run import batch, executed, selection
from lakebook.run.listener import Silent
from lakebook.stack import shared, state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakebook.bench.figure import Sizes
    from lakebook.run.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Timed:
    """A run of all scenarios: its seconds, and those that their cells took in it, as papermill says."""

    seconds: float
    cell_seconds: float


def chosen(sizes: Sizes) -> list[Scenario]:
    """Return the scenarios to run. Raises ConfigurationError for one that does not exist."""
    return selection.quick(selection.select(scenarios=sizes.scenarios))


@contextmanager
def up(sizes: Sizes) -> Iterator[None]:
    """Keep a shared stack up meanwhile."""
    require_none_up(sizes)
    shared.up(profile.load(sizes.profile), tell=lambda _line: None)
    try:
        yield
    finally:
        shared.down(sizes.profile)


def require_none_up(sizes: Sizes) -> None:
    """Raise ConfigurationError where a shared stack runs already: it would be used where none must be."""
    if state.shared(sizes.profile):
        raise ConfigurationError(
            f"a stack of {sizes.profile} is up",
            expected="none: the figures are those of stacks of their own",
            got="the one of lakebook up",
            todo=f"lakebook down --profile {sizes.profile}",
        )


def run(sizes: Sizes, jobs: int) -> Timed:
    """Run the scenarios as `lakebook run` does, reports included. Raises LakebookError where one is red."""
    values = selection.values([selection.QUICK] if sizes.quick else [])
    plan = batch.Batch(chosen(sizes), [sizes.profile], values, jobs=jobs)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=project.state()) as folder:
        begin = time.monotonic()
        done = batch.run(plan, Path(folder), Silent())
        seconds = time.monotonic() - begin
        if red := [one for one in done.results if one.red]:
            raise LakebookError(
                f"{red[0].workflow}/{red[0].scenario} is red, so its time means nothing: {red[0].error}"
            )
        notebooks = [Path(folder, one.notebook) for one in done.results]
        return Timed(seconds, sum(_cell_seconds(notebook) for notebook in notebooks))


def _cell_seconds(notebook: Path) -> float:
    cells = executed.cells(notebook)
    return sum(cell.metadata.get("papermill", {}).get("duration") or 0 for cell in cells)


def loop(sizes: Sizes) -> float:
    """Return the seconds of one papermill command after the other. Raises LakebookError where one fails."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=project.state()) as folder:
        for one in chosen(sizes):
            _papermill(one, sizes, Path(folder))
    return time.monotonic() - begin


def _papermill(one: Scenario, sizes: Sizes, folder: Path) -> None:
    command: Sequence[str] = [
        *(sys.executable, "-m", "papermill", "--no-progress-bar", "-p", "profile", sizes.profile),
        *(("-f", str(project.root() / "parameters" / "sizes" / f"{selection.QUICK}.yaml")) if sizes.quick else ()),
        *(str(one.path), str(folder / one.path.name)),
    ]
    environment = {**os.environ, "LAKEBOOK_HOME": str(project.root())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LakebookError(f"papermill ended with {done.returncode} on {one.id}", got=done.stderr[-1000:])
