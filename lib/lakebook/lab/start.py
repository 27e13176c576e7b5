"""What the start page shows: the systems under test, the scenarios as links, the last run. All of it is read, now."""

from __future__ import annotations

import os
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lakebook import panel, profile, project
from lakebook.errors import LakebookError
from lakebook.lab import server
from lakebook.report import wording
from lakebook.run import history, scenario
from lakebook.stack import state
from lakebook.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run
    from lakebook.run.scenario import Scenario
    from lakebook.stack.state import StackState

_NEW = "not run yet"


def profiles() -> panel.Shown:
    """Return every profile: what fills each role, and whether a stack of it runs."""
    stacks = _stacks()
    rows = [_profile_row(name, stacks) for name in profile.names()]
    return _panel("Systems under test", ["profile", "", *profile.ROLES, "stack"], rows)


def _profile_row(name: str, stacks: Sequence[StackState]) -> list[_Cell]:
    try:
        found = profile.outline(name)
    except LakebookError as error:
        return [_bold(name), _plain(f"cannot be used: {error}")]
    services = [_code(found.roles[role].service) for role in profile.ROLES]
    return [_bold(name), _plain(found.caption), *services, _plain(_stack(name, stacks))]


def _stack(name: str, stacks: Sequence[StackState]) -> str:
    return "runs" if any(one.profile == name for one in stacks) else "starts with the first notebook that connects"


def _stacks() -> list[StackState]:
    """Return the stacks that a notebook would attach to: the one it was given, and those of `lakebook up`."""
    try:
        given = state.given()
    except LakebookError:
        given = None
    return [one for one in state.running() if one.shared or (given and one.folder == given.folder)]


def scenarios() -> panel.Shown:
    """Return every scenario, by workflow: a link that opens it, what it decides, and its verdict in the last run."""
    last = _last()
    verdicts = _verdicts(last[1].results if last else [])
    rows = [
        row
        for workflow, some in groupby(scenario.every(), key=lambda one: one.workflow)
        for row in _workflow_rows(workflow, some, verdicts)
    ]
    return _panel("Scenarios", ["workflow", "scenario", "its story", "requirements", "last run"], rows)


def _workflow_rows(workflow: str, some: Iterable[Scenario], verdicts: dict[str, Verdict]) -> list[list[_Cell]]:
    names = [workflow.replace("_", " ")]
    return [
        [
            _bold(names.pop() if names else ""),
            _link(one.path, one.name),
            _plain(one.title),
            _plain(", ".join(one.requirements)),
            _verdict(verdicts[one.id]) if one.id in verdicts else _whole(_NEW),
        ]
        for one in some
    ]


def _verdicts(came: Sequence[Result]) -> dict[str, Verdict]:
    """Return the worst verdict of each scenario over the profiles that it ran on."""
    names = dict.fromkeys(f"{one.workflow}/{one.scenario}" for one in came)
    return {name: worst(one.verdict for one in came if f"{one.workflow}/{one.scenario}" == name) for name in names}


def last_run() -> panel.Shown:
    """Return the last run: when, how long, its verdicts, and links to its reports; how to begin where there is none."""
    last = _last()
    if last is None:
        return _panel("The last run", ["", ""], [[_plain(_NEW), _code("lakebook run")]])
    folder, run = last
    begun = (
        f"{wording.when(run.started)}, {wording.duration(run.seconds)}, {wording.count(len(run.results), 'scenario')}"
    )
    head = [_verdict(run.verdict), _plain(begun), _code(run.command), _report(folder / "index.html")]
    rows = [_result_row(one, folder) for one in run.results if one.red]
    return _panel("The last run", ["", "", "", ""], [head, *rows])


def _result_row(one: Result, folder: Path) -> list[_Cell]:
    red = dict.fromkeys(check.requirement for check in one.checks if check.verdict.red)
    name = f"{one.workflow}/{one.scenario} on {one.profile}"
    report = _report(folder / one.report) if one.report else _plain("")
    return [_verdict(one.verdict), _plain(name), _plain(", ".join(red)), report]


def _last() -> tuple[Path, Run] | None:
    """Return the newest run that can be read, with its folder; None where there is none."""
    for folder in history.folders():
        try:
            return folder, history.read(folder)
        except LakebookError:  # of another version of Lakebook, or removed meanwhile
            continue
    return None


_Cell = tuple[str, str]
"""One cell of a table: as HTML, and as text."""


def _plain(text: str) -> _Cell:
    return escape(text), text


def _whole(text: str) -> _Cell:
    return f'<span style="white-space:nowrap">{escape(text)}</span>', text


def _bold(text: str) -> _Cell:
    return f"<b>{_whole(text)[0]}</b>", text


def _code(text: str) -> _Cell:
    return f"<code>{escape(text)}</code>", text


def _verdict(verdict: Verdict) -> _Cell:
    text = f"{panel.SIGNS[verdict]} {verdict.word}"
    return f'<b class="verdict" style="--tone:var(--{verdict})">{text}</b>', text


def _report(path: Path) -> _Cell:
    """Return a link to a report: in a tab of the browser's own, for JupyterLab's would not follow its links."""
    server_url = os.environ.get(server.VARIABLE)
    if server_url is None:
        return _link(path, "report")
    target = f"{server_url}/{server.REPORTS}/{quote(path.relative_to(project.state() / 'runs').as_posix())}"
    return f'<a href="{target}" target="_blank">report</a>', f"report ({project.shown(path)})"


def _link(path: Path, text: str) -> _Cell:
    """Return a link from the folder that this notebook runs in, which opens a file in JupyterLab."""
    target = quote(Path(os.path.relpath(path, Path.cwd())).as_posix())
    return f'<a href="{target}">{escape(text)}</a>', f"{text} ({project.shown(path)})"


def _panel(title: str, columns: Sequence[str], rows: Sequence[Sequence[_Cell]]) -> panel.Shown:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{html}</td>' for html, _text in row)}</tr>" for row in rows)
    html = f'{panel.STYLE}<div class="lb"><b>{escape(title)}</b><table><tr>{head}</tr>{body}</table></div>'
    lines = ["  ".join(text for _html, text in row if text) for row in rows]
    return panel.Shown(html, "\n".join([title, *(f"  {line}" for line in lines)]))
