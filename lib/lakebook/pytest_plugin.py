"""`pytest --nbmake`: each scenario × profile is an item, executed by the runner's own function.

nbmake decides what is a notebook and brings its flags; verdicts, executed notebooks, reports and results.json are the
same files as `lakebook run` writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lakebook import log, profile, project, secret
from lakebook.errors import ConfigurationError
from lakebook.pytest_session import Session
from lakebook.run import batch, scenario, selection
from lakebook.stack import presence, services
from lakebook.timeouts import TIMEOUTS, Timeouts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from lakebook.run.execute import Result

_NBMAKE_ONLY = ("overwrite", "nbmake_kernel", "nbmake_find_import_errors")


class ScenarioRedError(Exception):
    """A scenario was red; the text says which checks, and why."""

    __module__ = "builtins"  # the summary names the class alone


_SESSION = pytest.StashKey[Session]()
_REPORT = "lakebook_report"


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
            option.profile, config.stash[_SESSION].absent = presence.expanded(named)
        for name in option.profile or ():
            profile.load(name)
        selection.values(option.size or ())
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the profiles that this machine cannot run, with what brings each, where all others were asked for."""
    return [f"absent: {one}" for one in config.stash[_SESSION].absent]


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
        return batch.Batch([self.found], [self.profile], values, cell_seconds=_cell_seconds(self.config))

    def runtest(self) -> None:
        """Execute the notebook; fail where its result is red."""
        every = [one for one in self.session.items if isinstance(one, ScenarioItem)]
        result = self.config.stash[_SESSION].result(self, every)
        self.user_properties += [("profile", self.profile), ("verdict", str(result.verdict)), ("report", result.report)]
        self.user_properties += [(check.requirement, str(check.verdict)) for check in result.checks]
        if result.red:
            raise ScenarioRedError(_why(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message alone for a red scenario, a traceback for a defect of ours."""
        return excinfo.getrepr(style="value" if excinfo.errisinstance(ScenarioRedError) else style or "short")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return what pytest calls this item."""
        return self.path, None, self.name


def _cell_seconds(config: pytest.Config) -> float:
    """Return the seconds that --nbmake-timeout gives a cell, 0 for Lakebook's own: the default of nbmake is shorter."""
    given = [*config.invocation_params.args, *config.getini("addopts")]
    asked = any(str(one).startswith("--nbmake-timeout") for one in given)
    return float(config.option.nbmake_timeout) if asked else 0


def _why(result: Result) -> str:
    lines = [result.error] if result.error else []
    for check in result.checks:
        if check.verdict.red:
            lines.append(f"{check.verdict.word} {check.requirement}: {check.reason or check.todo}")
            lines += [f"  expected  {check.expected!s:.300}", f"  got       {check.got!s:.300}"]
    return secret.redact("\n".join([*lines, f"report: {result.report}"]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the scenarios of a profile behind one another, so that a stack is needed no longer than they run."""
    places = [place for place, item in enumerate(items) if isinstance(item, ScenarioItem)]
    found = [item for item in items if isinstance(item, ScenarioItem)]
    order = list(dict.fromkeys(item.profile for item in found))
    for place, item in zip(places, sorted(found, key=lambda item: order.index(item.profile)), strict=True):
        items[place] = item


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With pytest-xdist: a worker takes a whole file of tests, and one worker all scenarios, for they share stacks."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - not everybody has it

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "scenarios" if _in_workbook(config.rootpath / file) else file

    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Be done with the stacks and write the reports; what was selected and has no result is unknown in them."""
    config = session.config
    if not config.option.collectonly and (config.stash[_SESSION].ran or not _is_worker(config)):
        why = "interrupted" if exitstatus == pytest.ExitCode.INTERRUPTED else "pytest ended before its turn"
        for item in getattr(session, "items", ()):
            if isinstance(item, ScenarioItem):
                config.stash[_SESSION].left_out(item, f"not executed to its end: {why}")
    if index := config.stash[_SESSION].finish(" ".join(["pytest", *config.invocation_params.args])):
        _tell_report(config, project.shown(index))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _tell_report(config: pytest.Config, index: str) -> None:
    """Say where the report is; a worker of pytest-xdist has whoever started it say so."""
    if _is_worker(config):
        config.workeroutput[_REPORT] = index  # type: ignore[attr-defined]
    elif reporter := config.pluginmanager.get_plugin("terminalreporter"):
        reporter.write_line("")
        reporter.write_line(f"report: {index}")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Say where the report of a worker's scenarios is."""
    if index := (getattr(node, "workeroutput", None) or {}).get(_REPORT):
        _tell_report(node.config, index)
