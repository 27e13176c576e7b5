"""Executes one job in a guarded process and returns its result: what `run`, pytest and any executor call."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import portable, project, secret
from lakebook.errors import LakebookError
from lakebook.lake import record
from lakebook.run import executed, workers
from lakebook.run import scenario as scenarios
from lakebook.run.job import UNWRITABLE, Job, Outcome
from lakebook.stack import process, state
from lakebook.timeouts import TIMEOUTS
from lakebook.verdict import Check, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lakebook.run.kept import Kept
    from lakebook.run.scenario import Scenario
    from lakebook.run.watch import Watch

_DIED = "the process that executed the notebook died"
_ENDED: Mapping[int | None, str] = {
    UNWRITABLE: "the executed notebook could not be written, or its kernel not be started"
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one scenario on one profile. `error` is the reason where it did not come to its end."""

    scenario: str
    workflow: str
    title: str
    profile: str
    verdict: Verdict
    seconds: float
    notebook: str
    report: str
    error: str
    error_cell: str
    parameters: Mapping[str, Any]
    checks: Sequence[Check]

    @property
    def red(self) -> bool:
        """Whether it makes the run red: a check was, or it did not come to its end."""
        return self.verdict.red


def execute(job: Job, watch: Watch | None = None, kept: Kept | None = None) -> Result:
    """Execute a job's notebook in a process of its own; return its result. Never raises for what a notebook does.

    It is broken off where the `watch` over the stack's services finds one that hangs. `kept` takes the kernel of one
    that is red, where the job asks for it.
    """
    found = scenarios.read(job.notebook)
    begin = time.monotonic()
    if refused_for := refusal(job, found):
        return refused(job, refused_for)
    try:
        job.folder.mkdir(parents=True, exist_ok=True)
        outcome = _run(job, watch, kept)
    except OSError as error:
        outcome = Outcome(str(project.unwritable(job.folder, error)))
    except LakebookError as error:
        outcome = Outcome(str(error))
    checks, finished = _recorded(job)
    why = outcome.error or ("" if finished else "the notebook ended without lake.finish()")
    if finished and any(check.verdict.red for check in checks):
        why = ""  # the checks say it better than the exception that finish raised
    return _result(job, found, why, checks, time.monotonic() - begin, _left(job, found, outcome) if why else ())


def _left(job: Job, found: Scenario, outcome: Outcome) -> Collection[str]:
    """Return the requirements that a scenario which did not come to its end was not done with."""
    if not job.executed.exists():
        return found.requirements
    return executed.not_ended(job.executed, cut_short=bool(outcome.error))


def refused(job: Job, why: str) -> Result:
    """Return the result of a job that is not executed: every requirement that it names is unknown, and why."""
    return _result(job, scenarios.read(job.notebook), why, [], 0)


def refusal(job: Job, found: Scenario) -> str:
    """Return why a job is not executed at all; empty where it is."""
    if found.hides:
        return f"the notebook could hide an error: {found.hides}"
    for name, value in job.parameters.items():
        if name not in found.parameters:
            return f"{found.id} has no parameter {name}; it has {', '.join(found.parameters)}"
        default = found.parameters[name]
        if type(value) is not type(default) and not (isinstance(default, float) and isinstance(value, int)):
            return f"the parameter {name} is {value!r}; {found.id} takes {type(default).__name__}, as {default!r}"
    return ""


def _run(job: Job, watch: Watch | None, kept: Kept | None) -> Outcome:
    state.read(job.stack)  # its secrets are known from here on; raises where it is gone
    private = Path(tempfile.mkdtemp(prefix="lb-", dir=workers.folder()))  # a short path: sockets are in it
    try:
        return _executed(job, private, watch, kept)
    finally:
        _clean(job, private)
        if not (kept and kept.holds(private)):
            shutil.rmtree(private, ignore_errors=True)


def _executed(job: Job, private: Path, watch: Watch | None, kept: Kept | None) -> Outcome:
    file = job.folder / f"{job.notebook.stem}.job.json"
    job.write(file)
    for old in (job.checks, job.outcome, job.log):
        old.unlink(missing_ok=True)
    limit = job.scenario_seconds or TIMEOUTS.scenario
    try:
        status = _status(job, file, private, limit, watch, kept)
    except TimeoutError:
        return Outcome(f"the scenario ran longer than {limit:g} s")
    finally:
        file.unlink(missing_ok=True)
    outcome = _outcome(job, status)
    if watch and watch.broken and outcome.error:
        return Outcome(watch.broken)
    if not outcome.error:
        job.log.unlink(missing_ok=True)
    return outcome


def _status(job: Job, file: Path, private: Path, limit: float, watch: Watch | None, kept: Kept | None) -> int | None:
    """Return the exit status of the worker that executed a job; None where it was killed, or is kept.

    Raises TimeoutError.
    """
    worker = workers.start(job, file, private)
    try:
        with watch.over(worker) if watch else nullcontext():
            return kept.status(worker, job, private, limit) if kept else worker.wait(limit)
    finally:
        if not (kept and kept.holds(private)):
            worker.stop()


def _outcome(job: Job, status: int | None) -> Outcome:
    try:
        outcome = Outcome(**json.loads(job.outcome.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):  # it ended before, or while it wrote it
        return Outcome(f"{_ENDED.get(status or 0, _DIED)}:\n{process.last_lines(job.log)}")
    finally:
        job.outcome.unlink(missing_ok=True)
    return outcome


def _clean(job: Job, private: Path) -> None:
    """Take secrets out of what a worker wrote, those that were vended to its notebook included, however it ended."""
    vended = private / "secrets"
    if vended.exists():
        secret.remember(json.loads(line) for line in _whole_lines(vended))
    for written in (job.executed, job.checks, job.log):
        if written.exists():
            text = written.read_text(encoding="utf-8", errors="replace")
            if (cleaned := secret.redact(text)) != text:
                written.write_text(cleaned, encoding="utf-8")
    for partial in job.folder.glob(f"{job.notebook.stem}.*.partial"):
        partial.unlink()


def _whole_lines(file: Path) -> list[str]:
    """Return the lines of a file but for a last one that was not written to its end."""
    return file.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


def _recorded(job: Job) -> tuple[list[Check], bool]:
    """Return the checks that the notebook made, each with its cell, and whether it finished."""
    if not job.checks.exists():
        return [], False
    lines = [json.loads(line) for line in _whole_lines(job.checks)]
    cells = executed.cells_of_checks(job.executed)
    checks = [
        Check(**{**line, "verdict": Verdict(line["verdict"]), "cell": cells.get(number, "")})
        for line in lines
        if (number := line.pop("check", None))
    ]
    return checks, any("finished" in line for line in lines)


def undecided(identifier: str, reason: str, has: frozenset[str] | None, lacks: Mapping[str, str]) -> Check:
    """Return the check of a requirement that was not decided: unknown; not applicable where the profile cannot meet it.

    `has` are the profile's capabilities, None where they are not known; `lacks` says why it has not the others.
    """
    absent = "" if has is None else record.absent(identifier, has, lacks)
    return Check(identifier, Verdict.NOT_APPLICABLE if absent else Verdict.UNKNOWN, reason=absent or reason)


def _undecided(
    job: Job, found: Scenario, reason: str, checks: Sequence[Check], left: Collection[str]
) -> Iterator[Check]:
    """Yield a check for each requirement that has none, or of which a check is `left` that was not reached."""
    has: frozenset[str] | None = None
    lacks: Mapping[str, str] = {}
    with suppress(LakebookError):  # the stack is gone
        running = state.read(job.stack)
        has, lacks = running.capabilities, running.lacks
    decided = {check.requirement for check in checks}
    for identifier in found.requirements:
        check = undecided(identifier, reason, has, lacks)
        if identifier not in decided or (identifier in left and check.verdict is Verdict.UNKNOWN):
            yield check


def _result(
    job: Job, found: Scenario, error: str, checks: Sequence[Check], seconds: float, left: Collection[str] = ()
) -> Result:
    error = portable.text(secret.redact(error), job.folder)
    reason = error or "the notebook names it, and came to its end without deciding it"
    every = [*checks, *_undecided(job, found, reason, checks, left)]
    verdict = worst([*(check.verdict for check in every), *([Verdict.UNKNOWN] if error else [])])
    return Result(
        found.name,
        found.workflow,
        found.title,
        job.profile,
        verdict,
        round(seconds, 2),
        job.executed.name if job.executed.exists() else "",
        "",
        error,
        executed.cell_that_raised(job.executed) if error else "",
        {**found.parameters, **job.parameters, "profile": job.profile},
        every,
    )
