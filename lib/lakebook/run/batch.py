"""Runs scenarios over profiles: starts each stack, executes the jobs, keeps what came of it."""

from __future__ import annotations

import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lakebook import log, profile, project
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.report import write as report
from lakebook.run import results, traced, workers
from lakebook.run.execute import Result, execute, refused, undecided
from lakebook.run.job import Job
from lakebook.run.watch import Watch
from lakebook.stack import lease, pool, process, resolution
from lakebook.timeouts import TIMEOUTS
from lakebook.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from lakebook.profile import Profile
    from lakebook.report.trace import Line
    from lakebook.run.kept import Kept
    from lakebook.run.listener import Listener
    from lakebook.run.scenario import Scenario
    from lakebook.stack.lease import Lease
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
    """Run a batch, one profile after the other, its scenarios side by side; write results and reports; return the run.

    `executor` is any of concurrent.futures; threads by default, for each job has a process of its own.
    Raises ConfigurationError for a broken profile, before anything starts.
    """
    found = systems(batch.profiles, keep=batch.keep)
    begin, started = time.monotonic(), results.now()
    profiles: list[results.ProfileRun] = []
    every: list[Result] = []
    with pool.kept():
        for one in found:
            ran, came = on_profile(batch, one, folder, listener, executor)
            profiles.append(ran)
            every += came
    whole = results.Run(
        started,
        round(time.monotonic() - begin, 2),
        batch.command,
        results.environment(),
        profiles,
        every,
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
    batch: Batch, found: Profile, folder: Path, listener: Listener, executor: Executor | None = None
) -> tuple[results.ProfileRun, list[Result]]:
    """Run a batch's scenarios on one profile, which need not be one that a file describes; return what came of it."""
    try:
        workers.prepare()
        tell = partial(listener.service, found.name)
        running = lease.take(found, tell=tell, logs=_logs(found.name, folder))
    except LakebookError as error:
        listener.absent(found.name, str(error))
        absent = [not_started(scenario, found.name, batch, str(error)) for scenario in batch.scenarios]
        return results.ProfileRun(found.name, found.caption, error=str(error)), absent
    try:
        with Watch(running, _logs(found.name, folder)) as watch:
            came = list(_executed(batch, running, watch, folder, listener, executor))
    finally:
        logs = _logs(found.name, folder)
        batch.kept.release(running, logs) if batch.kept else running.release(logs=logs)
    return results.profile_run(found, running.state), _in_order(came, batch)


def _logs(name: str, folder: Path) -> Path:
    """Return where the logs of a profile's services are kept."""
    return folder / name / "logs"


def _executed(
    batch: Batch, running: Lease, watch: Watch, folder: Path, listener: Listener, executor: Executor | None
) -> Iterator[Result]:
    name = running.state.profile
    threads = executor or ThreadPoolExecutor(batch.jobs)
    jobs = [batch.job(scenario, name, running.file, folder) for scenario in batch.scenarios]
    futures: list[Future[Result]] = []
    try:
        futures += [threads.submit(_one, job, running, watch, listener, folder, batch.kept) for job in jobs]
        for future in as_completed(futures):
            yield future.result()
    except BaseException:  # interrupted: what runs now ends now, so that no thread waits for it
        end(futures, mine=executor is None)
        raise
    finally:
        if executor is None:
            threads.shutdown()


def end(futures: Collection[Future[Result]], *, mine: bool = True) -> None:
    """Begin no other job; end those that run, the one that was just about to begin included."""
    if all(future.done() for future in futures):
        return
    for future in futures:
        future.cancel()
    process.end_all()
    while mine and wait(futures, timeout=TIMEOUTS.poll_interval).not_done:
        process.end_all()


def _one(job: Job, running: Lease, watch: Watch, listener: Listener, folder: Path, kept: Kept | None) -> Result:
    listener.begun(job.scenario, job.profile)
    result = result_of(job, running, watch, folder, kept)
    listener.ended(result)
    return result


def result_of(job: Job, running: Lease, watch: Watch, folder: Path, kept: Kept | None = None) -> Result:
    """Execute a job on a stack whose services all live; return what came of it, its report written."""
    return finished(_alive(running, watch, job) or execute(job, watch, kept), job, running, folder)


def _alive(running: Lease, watch: Watch, job: Job) -> Result | None:
    """Return the result of a job that cannot be executed, for a service has died or hangs; None where all live."""
    if watch.broken:
        return refused(job, f"not executed: the stack was broken when its turn came\n\n{watch.broken}")
    try:
        running.require_alive()
    except LakebookError:  # `finished` says which
        return refused(job, "not executed: the stack was broken when its turn came")
    return None


def finished(result: Result, job: Job, running: Lease, folder: Path) -> Result:
    """Return a result with its report written, and with a dead service named as the cause of its red."""
    if result.red:
        try:
            running.require_alive()
        except LakebookError as died:
            said = lease.with_kept_logs(str(died), running, _logs(job.profile, folder))
            result = replace(result, error=f"{said}\n\n{result.error}".strip())
    try:
        return report.scenario(result, job.executed, folder)
    except OSError as error:
        return replace(
            result, error=f"{result.error}\n\n{project.unwritable(folder, error)}".strip(), verdict=_red(result)
        )


def _red(result: Result) -> Verdict:
    return worst([result.verdict, Verdict.UNKNOWN])


def not_started(scenario: Scenario, name: str, batch: Batch, error: str) -> Result:
    """Return the result of a scenario that was not executed: each requirement that the profile can meet is unknown."""
    try:
        has, lacks = resolution.capabilities(profile.load(name))
    except ConfigurationError:  # then this is why it did not start
        has, lacks = None, {}
    checks = [undecided(identifier, error, has, lacks) for identifier in scenario.requirements]
    values = {**scenario.parameters, **batch.explicit, "profile": name}
    return Result(
        scenario.name, scenario.workflow, scenario.title, name, Verdict.UNKNOWN, 0.0, "", "", error, "", values, checks
    )


def _in_order(came: Sequence[Result], batch: Batch) -> list[Result]:
    order = [scenario.id for scenario in batch.scenarios]
    return sorted(came, key=lambda result: order.index(f"{result.workflow}/{result.scenario}"))
