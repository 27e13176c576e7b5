"""A red scenario in JupyterLab: its executed notebook, on the kernel that still holds all that it knew."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import httpx
import nbformat

from lakebook import poll, project, web
from lakebook.errors import ConfigurationError, LakebookError, ServiceError
from lakebook.lab import server, trusted
from lakebook.run import history, kept
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.lab.server import Server
    from lakebook.run.execute import Result
    from lakebook.run.kept import Kernel


def red(folder: Path, scenario: str, profile: str | None) -> Result:
    """Return the red result of a scenario in a run, by its name or as workflow/name; `profile` chooses among several.

    Raises ConfigurationError where the run has none of that name, or it was green.
    """
    results = history.read(folder).results
    names = {name for one in results for name in (one.scenario, f"{one.workflow}/{one.scenario}")}
    if scenario not in names:
        near = get_close_matches(scenario, names, n=1)
        raise ConfigurationError(
            f"the run {folder.name} has no scenario {scenario}",
            expected=" or ".join(sorted(f"{one.workflow}/{one.scenario}" for one in results)),
            got=scenario,
            todo=f"did you mean {near[0]}?" if near else f"lakebook run {scenario} --keep-red",
        )
    ran = [one for one in results if scenario in (one.scenario, f"{one.workflow}/{one.scenario}")]
    found = [one for one in ran if one.red and profile in (None, one.profile)]
    if not found:
        raise ConfigurationError(
            f"{scenario} was not red in the run {folder.name}",
            expected="a scenario that was red: kernels of others are not kept",
            got=", ".join(f"{one.verdict.word} on {one.profile}" for one in ran),
            todo=f"lakebook lab, to step through {scenario}",
        )
    return found[0]


def executed(folder: Path, result: Result) -> Path:
    """Return the executed notebook of a result."""
    return folder / result.profile / result.workflow / f"{result.scenario}.ipynb"


def kernel(folder: Path, result: Result) -> Kernel:
    """Return the kernel that was kept of a red scenario. Raises LakebookError where it no longer lives."""
    found = kept.read(executed(folder, result))
    if found is None:
        raise LakebookError(
            f"the kernel of {result.workflow}/{result.scenario} no longer lives",
            expected=f"one that lakebook run --keep-red keeps, until that command ends, on {result.profile}",
            got="none",
            where=project.shown(executed(folder, result)),
            todo=f"lakebook run {result.workflow}/{result.scenario} --keep-red, and this in another terminal meanwhile",
        )
    return found


def copied(folder: Path, result: Result) -> Path:
    """Return a copy of a red scenario's executed notebook, to edit: the record of the run stays as it is."""
    source = executed(folder, result)
    copy = server.folder() / folder.name / result.profile / source.relative_to(folder / result.profile)
    trusted.write(nbformat.read(source, as_version=4), copy)
    return copy


def options(found: Kernel) -> list[str]:
    """Return what JupyterLab is told so that it sees a kernel which it has not started."""
    folder = found.connection.parent
    return ["--ServerApp.allow_external_kernels=True", f"--ServerApp.external_connection_dir={folder}"]


def attach(running: Server, notebook: Path) -> None:
    """Have JupyterLab show a notebook on the kernel that was kept, once it sees that. Raises ServiceError."""
    headers = {"Authorization": f"token {running.token}"}
    with web.client(base_url=running.url, headers=headers, timeout=TIMEOUTS.http) as client:
        found: list[dict[str, Any]] = poll.until(
            lambda: client.get("/api/kernels").json(),
            what="JupyterLab to see the kernel",
            deadline_seconds=TIMEOUTS.kernel_start,
        )
        path = notebook.resolve().relative_to(project.root()).as_posix()
        session = {"path": path, "name": notebook.name, "type": "notebook", "kernel": {"id": found[0]["id"]}}
        answer = client.post("/api/sessions", json=session)
    if answer.status_code != httpx.codes.CREATED:
        raise ServiceError(
            "JupyterLab refused to attach to the kernel",
            expected="201 from POST /api/sessions",
            got=f"{answer.status_code} {answer.text:.300}",
            where=project.shown(running.process.log),
            todo="read the log",
        )
