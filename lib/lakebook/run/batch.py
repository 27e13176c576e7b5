"""Runs scenarios over profiles: starts each stack, executes the jobs, keeps what came of it."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lakebook import log, profile, project
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.report import write as report
from lakebook.run import going, results, traced
from lakebook.run.job import Job
from lakebook.stack import lease, pool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from lakebook.profile import Profile
    from lakebook.report.trace import Line
    from lakebook.run.execute import Result
    from lakebook.run.going import Going
    from lakebook.run.kept import Kept
    from lakebook.run.listener import Listener
    from lakebook.run.scenario import Scenario
    from lakebook.stack.presence import Absent


@dataclass(frozen=True, slots=True)
class Batch:
    """What to run and how. `parameters` apply where a scenario has them; `explicit` ones must be known to each.

    `kept`, where there is one, takes the kernels and stacks of red scenarios; then the jobs run in threads.
    """

    scenarios: Sequence[Scenario]
    profiles: Sequence[str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    explicit: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 1
    keep: bool = False
    command: str = "lakebook run"
    left_out: Sequence[str] = ()
    cell_seconds: float = 0
    scenario_seconds: float = 0
    kept: Kept | None = None
    absent: Sequence[Absent] = ()

    def job(self, scenario: Scenario, profile_name: str, stack_file: Path, folder: Path) -> Job:
        """Return the job of one scenario on one profile."""
        known = {name: value for name, value in self.parameters.items() if name in scenario.parameters}
        return Job(
            scenario.path,
            scenario.id,
            profile_name,
            {**known, **self.explicit},
            stack_file,
            folder / profile_name / scenario.workflow,
            project.root(),
            self.keep,
            self.cell_seconds,
            self.scenario_seconds,
            keep_red=self.kept is not None,
        )


def new_folder(kind: str = "runs") -> Path:
    """Return a new folder `runs/<time>` for a run, or one of another kind."""
    runs = project.state() / kind
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    for suffix in ["", *(f"-{number}" for number in range(2, 1000))]:
        folder = runs / f"{stamp}{suffix}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise project.unwritable(folder, error) from None
        return folder
    raise LakebookError("a thousand runs began in one second", where=project.shown(runs))


def systems(names: Sequence[str], *, keep: bool = False) -> list[Profile]:
    """Return the profiles of these names, each once, all running or fit to be started; to `keep`, all running.

    Raises ConfigurationError for one that is not.
    """
    if not names:
        raise ConfigurationError(
            "no profile is named",
            expected=" or ".join(profile.names()),
            got="an empty LAKEBOOK_PROFILES",
            todo="unset LAKEBOOK_PROFILES, or give --profile",
        )
    found = [profile.load(name) for name in dict.fromkeys(names)]
    for one in found:
        lease.require_startable(one, stays=keep)
    return found


def run(batch: Batch, folder: Path, listener: Listener, executor: Executor | None = None) -> results.Run:
    """Run a batch, its scenarios side by side, profile by profile; write results and reports; return the run.

    A profile's stack starts once every job of those before it has begun: a scenario that waits keeps no other profile
    waiting, unless both ask for one port. `executor` is any of concurrent.futures; threads by default, for each job has
    a process of its own.
    Raises ConfigurationError for a broken profile, before anything starts.
    """
    found = systems(batch.profiles, keep=batch.keep)
    began, started = time.monotonic(), results.now()
    with pool.kept():
        ended = _on_profiles(batch, found, folder, listener, executor)
    whole = results.Run(
        started,
        round(time.monotonic() - began, 2),
        batch.command,
        results.environment(),
        [one.ran for one in ended],
        [result for one in ended for result in _in_order(one)],
        batch.left_out,
        batch.absent,
    )
    return keep(whole, folder)


def keep(whole: results.Run, folder: Path) -> results.Run:
    """Write a run's results and reports; return it."""
    try:
        results.write(whole, folder)
        report.index(whole, folder, _traced(whole))
    except OSError as error:
        for half in folder.rglob("*.partial"):
            half.unlink(missing_ok=True)
        raise project.unwritable(folder, error) from None
    return whole


def _traced(whole: results.Run) -> Sequence[Line]:
    """Return what is known of each requirement; of none where the workbook was broken since: a run is kept anyway."""
    try:
        return traced.lines(whole)
    except ConfigurationError as error:
        log.get().warning("no traceability in the report", error=str(error))
        return ()


def on_profile(
    batch: Batch, found: Profile, folder: Path, listener: Listener
) -> tuple[results.ProfileRun, list[Result]]:
    """Run a batch's scenarios on one profile, which need not be one that a file describes; return what came of it."""
    (only,) = _on_profiles(batch, [found], folder, listener)
    return only.ran, _in_order(only)


def _on_profiles(
    batch: Batch, found: Sequence[Profile], folder: Path, listener: Listener, executor: Executor | None = None
) -> list[Going]:
    threads = executor or ThreadPoolExecutor(batch.jobs)
    every: list[Going] = []
    try:
        for one in found:
            if going.in_the_way(one, every):
                _collect(every, 0)
            every.append(going.begin(batch, one, folder, listener, threads))
            _collect(every, batch.jobs)
        _collect(every, 0)
    except BaseException:  # interrupted: what runs now ends now, so that no thread waits for it
        going.end([future for one in every for future in one.futures], mine=executor is None)
        raise
    finally:
        with ExitStack() as left:
            for under_way in every:
                left.callback(under_way.release)
        if executor is None:
            threads.shutdown()
    return every


def _collect(every: Sequence[Going], left: int) -> None:
    """Take what comes of profiles that are under way, until no more than so many jobs are left."""
    while len(futures := [future for one in every for future in one.futures]) > left:
        wait(futures, return_when=FIRST_COMPLETED)
        for one in every:
            one.collect()


def _in_order(ended: Going) -> list[Result]:
    order = [scenario.id for scenario in ended.batch.scenarios]
    return sorted(ended.came, key=lambda result: order.index(f"{result.workflow}/{result.scenario}"))
