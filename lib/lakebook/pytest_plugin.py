"""`pytest --nbmake`: each scenario × profile is an item, executed by the runner's own function.

nbmake decides what is a notebook and brings its flags; verdicts, executed notebooks, reports and results.json are the
same files as `lakebook run` writes.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from lakebook import log, profile, project, secret
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.run import batch, results, scenario, selection
from lakebook.run.execute import execute
from lakebook.stack import lease, pool, presence, services
from lakebook.stack.presence import Presence
from lakebook.timeouts import TIMEOUTS, Timeouts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from lakebook.run.execute import Result
    from lakebook.stack.lease import Lease

_NBMAKE_ONLY = ("overwrite", "nbmake_kernel", "nbmake_find_import_errors")


class ScenarioRedError(Exception):
    """A scenario was red; the text says which checks, and why."""

    __module__ = "builtins"  # the summary names the class alone


@dataclass(slots=True)
class Session:
    """The stacks and results of one pytest run; stacks start when the first scenario needs them."""

    begin: float = field(default_factory=time.monotonic)
    started: str = field(default_factory=results.now)
    folder: Path | None = None
    stacks: dict[str, Lease | LakebookError] = field(default_factory=dict)
    shared: ExitStack = field(default_factory=ExitStack)
    ran: dict[str, results.ProfileRun] = field(default_factory=dict)
    came: list[Result] = field(default_factory=list)

    def run_folder(self) -> Path:
        """Return the folder of this run, made at first use."""
        if self.folder is None:
            self.folder = batch.new_folder()
        return self.folder

    def stack(self, name: str) -> Lease | LakebookError:
        """Return the stack of a profile, or the error that keeps it from running."""
        if not self.stacks:
            self.shared.enter_context(pool.kept())
        if name not in self.stacks:
            self.stacks[name] = self._started(name)
        return self.stacks[name]

    def _started(self, name: str) -> Lease | LakebookError:
        found = profile.load(name)
        try:
            running = lease.take(found, logs=self.run_folder() / name / "logs")
        except LakebookError as error:
            self.ran[name] = results.ProfileRun(name, found.title, error=str(error))
            return error
        self.ran[name] = results.profile_run(found, running.state)
        return running

    def left_out(self, item: ScenarioItem, why: str) -> None:
        """Record a scenario that was selected and has no result as unknown."""
        if any((one.workflow, one.scenario, one.profile) == item.key for one in self.came):
            return
        if item.profile not in self.ran:
            self.ran[item.profile] = results.ProfileRun(item.profile, profile.load(item.profile).caption, error=why)
        self.came.append(batch.not_started(item.found, item.profile, item.plan(), why))

    def finish(self, command: str) -> Path | None:
        """Stop the stacks, write results and reports; return the index, or None where no scenario ran."""
        for name, running in self.stacks.items():
            if not isinstance(running, LakebookError):
                running.release(logs=self.run_folder() / name / "logs")
        self.shared.close()
        if not self.came:
            return None
        seconds = round(time.monotonic() - self.begin, 2)
        whole = results.Run(self.started, seconds, command, results.environment(), list(self.ran.values()), self.came)
        batch.keep(whole, self.run_folder())
        return self.run_folder() / "index.html"


_SESSION = pytest.StashKey[Session]()
_ABSENT = pytest.StashKey[list[Presence]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of scenarios."""
    group = parser.getgroup("lakebook", "scenarios")
    group.addoption("--profile", action="append", help="a system under test; repeatable (default: LAKEBOOK_PROFILES)")
    group.addoption("--size", action="append", help="a size of parameters/sizes, or a file of parameters; repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Register a marker for each workflow and each kind of service; refuse a profile or size that does not exist."""
    config.stash[_SESSION] = Session()
    log.configure()
    _require_known(config)
    try:
        workflows = dict.fromkeys(one.workflow for one in scenario.every())
    except ConfigurationError:
        return  # not in a workbook: there is nothing to mark
    for name in workflows:
        config.addinivalue_line("markers", f"{name}: a scenario of this workflow")
    for kind in services.kinds():
        config.addinivalue_line("markers", f"{kind}: a scenario on a profile with this service")


def _require_known(config: pytest.Config) -> None:
    option = config.option
    try:
        Timeouts.from_environment()
        named = option.profile or profile.defaults()
        if presence.ALL_LOCAL in named:
            option.profile, config.stash[_ABSENT] = presence.expanded(named)
        for name in option.profile or ():
            profile.load(name)
        selection.values(option.size or ())
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the profiles that this machine cannot run, with what brings each, where all others were asked for."""
    absent = [(one.name, *presence.why_not(one)) for one in config.stash.get(_ABSENT, [])]
    return [f"absent: {name}: {why}: {todo}" for name, why, todo in absent]


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
    """Put a scenario's file in the place of nbmake's, wherever nbmake found a notebook of the workbook."""
    collected = yield
    if not collected or not _in_workbook(file_path):
        return collected
    return [ScenarioFile.from_parent(parent, path=file_path)]


def _in_workbook(path: Path) -> bool:
    return path.suffix == ".ipynb" and path.parent.parent == project.root() / "notebooks"


class ScenarioFile(pytest.File):
    """One notebook."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each profile."""
        option = self.config.option
        if asked := [name for name in _NBMAKE_ONLY if getattr(option, name, None)]:
            raise pytest.UsageError(f"scenarios do not take nbmake's --{asked[0].replace('_', '-')}")
        found = scenario.read(self.path)
        try:
            for name in option.profile or profile.defaults():
                yield ScenarioItem.from_parent(
                    self, name=f"{found.name}[{name}]", found=found, marks=_marks(found, profile.load(name))
                )
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from None


def _marks(found: scenario.Scenario, one: profile.Profile) -> list[str]:
    return [found.workflow, *found.marks, *(role.service for role in one.roles.values()), f"profile:{one.name}"]


class ScenarioItem(pytest.Item):
    """One scenario on one profile."""

    def __init__(self, *, found: scenario.Scenario, marks: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.found, self.profile = found, marks.pop().removeprefix("profile:")
        for mark in marks:
            self.add_marker(mark)
        self.add_marker(pytest.mark.timeout(TIMEOUTS.scenario + TIMEOUTS.service_ready))

    @property
    def key(self) -> tuple[str, str, str]:
        """What its result is known by."""
        return self.found.workflow, self.found.name, self.profile

    def plan(self) -> batch.Batch:
        """Return what to run, and how."""
        option = self.config.option
        values = selection.values(option.size or ())
        return batch.Batch([self.found], [self.profile], values, cell_seconds=option.nbmake_timeout)

    def runtest(self) -> None:
        """Execute the notebook; fail where its result is red."""
        result = self._result(self.config.stash[_SESSION])
        self.user_properties += [("profile", self.profile), ("verdict", str(result.verdict)), ("report", result.report)]
        self.user_properties += [(check.requirement, str(check.verdict)) for check in result.checks]
        if result.red:
            raise ScenarioRedError(_why(result))

    def _result(self, session: Session) -> Result:
        plan = self.plan()
        running, folder = session.stack(self.profile), session.run_folder()
        if isinstance(running, LakebookError):
            result = batch.not_started(self.found, self.profile, plan, str(running))
        else:
            job = plan.job(self.found, self.profile, running.file, folder)
            result = batch.finished(execute(job), job, running, folder)
        session.came.append(result)
        return result

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message alone for a red scenario, a traceback for a defect of ours."""
        return excinfo.getrepr(style="value" if excinfo.errisinstance(ScenarioRedError) else style or "short")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return what pytest calls this item."""
        return self.path, None, self.name


def _why(result: Result) -> str:
    lines = [result.error] if result.error else []
    for check in result.checks:
        if check.verdict.red:
            lines.append(f"{check.verdict.word} {check.requirement}: {check.reason or check.todo}")
            lines += [f"  expected  {check.expected!s:.300}", f"  got       {check.got!s:.300}"]
    return secret.redact("\n".join([*lines, f"report: {result.report}"]))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Be done with the stacks and write the reports; what was selected and has no result is unknown in them."""
    config = session.config
    if not config.option.collectonly and not hasattr(config, "workerinput"):  # one of several workers runs a part
        why = "interrupted" if exitstatus == pytest.ExitCode.INTERRUPTED else "pytest ended before its turn"
        for item in getattr(session, "items", ()):
            if isinstance(item, ScenarioItem):
                config.stash[_SESSION].left_out(item, f"not executed to its end: {why}")
    index = config.stash[_SESSION].finish(" ".join(["pytest", *config.invocation_params.args]))
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if index and reporter:
        reporter.write_line("")
        reporter.write_line(f"report: {project.shown(index)}")
