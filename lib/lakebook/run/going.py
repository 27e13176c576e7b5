"""A profile under way: its stack, the jobs on it, and what came of them so far."""

from __future__ import annotations

from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from lakebook import profile, project
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.report import write as report
from lakebook.run import results, workers
from lakebook.run.execute import Result, execute, refused, undecided
from lakebook.run.watch import Watch
from lakebook.stack import lease, process, resolution
from lakebook.timeouts import TIMEOUTS
from lakebook.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from lakebook.profile import Profile
    from lakebook.run.batch import Batch
    from lakebook.run.job import Job
    from lakebook.run.kept import Kept
    from lakebook.run.listener import Listener
    from lakebook.run.scenario import Scenario
    from lakebook.stack.lease import Lease


@dataclass(slots=True)
class Going:
    """A profile whose stack has started, or failed to: then `running` is None, and `came` says why."""

    batch: Batch
    found: Profile
    ran: results.ProfileRun
    folder: Path
    running: Lease | None = None
    watch: Watch | None = None
    futures: set[Future[Result]] = field(default_factory=set)
    came: list[Result] = field(default_factory=list)

    @property
    def logs(self) -> Path:
        """Where the logs of its services are kept."""
        return logs(self.ran.name, self.folder)

    def collect(self) -> None:
        """Take what has come; be done with the stack once all has."""
        for future in [one for one in self.futures if one.done()]:
            self.futures.remove(future)
            self.came.append(future.result())
        if not self.futures:
            self.release()

    def release(self) -> None:
        """Be done with the stack, if that was not done before."""
        watch, self.watch = self.watch, None
        running, self.running = self.running, None
        if watch:
            watch.stop()
        if running and self.batch.kept:
            self.batch.kept.release(running, self.logs)
        elif running:
            running.release(logs=self.logs)


def in_the_way(found: Profile, every: Iterable[Going]) -> bool:
    """Tell whether a profile that is under way holds a port that another one asks for."""
    return any(one.running and resolution.share_a_port(found, one.found) for one in every)


def logs(name: str, folder: Path) -> Path:
    """Return where the logs of a profile's services are kept."""
    return folder / name / "logs"


def begin(batch: Batch, found: Profile, folder: Path, listener: Listener, threads: Executor) -> Going:
    """Start a profile's stack and hand all its jobs to an executor; return it, under way."""
    try:
        workers.prepare()
        tell = partial(listener.service, found.name)
        running = lease.take(found, tell=tell, logs=logs(found.name, folder))
    except LakebookError as error:
        listener.absent(found.name, str(error))
        came = [not_started(scenario, found.name, batch, str(error)) for scenario in batch.scenarios]
        return Going(batch, found, results.ProfileRun(found.name, found.caption, error=str(error)), folder, came=came)
    watch = Watch(running, logs(found.name, folder))
    going = Going(batch, found, results.profile_run(found, running.state), folder, running, watch)
    try:
        watch.start()
        for scenario in batch.scenarios:
            job = batch.job(scenario, found.name, running.file, folder)
            going.futures.add(threads.submit(_one, job, running, watch, listener, folder, batch.kept))
    except BaseException:
        end(going.futures)
        going.release()
        raise
    return going


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
            said = lease.with_kept_logs(str(died), running, logs(job.profile, folder))
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
