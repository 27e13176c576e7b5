"""`lakebook run`: scenarios on profiles."""

from __future__ import annotations

import shlex
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml
from rich.text import Text

from lakebook import log, profile, project
from lakebook.commands import told
from lakebook.commands.app import app, out
from lakebook.errors import ConfigurationError
from lakebook.run.job import AT_ONCE
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lakebook.run.batch import Batch
    from lakebook.stack.presence import Absent


@app.command()
def run(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Scenarios, by name or as workflow/name.")] = None,
    workflow: Annotated[list[str] | None, typer.Option("--workflow", "-w", help="Only this workflow.")] = None,
    requirement_id: Annotated[
        list[str] | None, typer.Option("--requirement", "-r", help="Only what decides it.")
    ] = None,
    profiles: Annotated[list[str] | None, typer.Option("--profile", help="A system under test; repeatable.")] = None,
    size: Annotated[list[str] | None, typer.Option("--size", "-f", help="A size, or a file of parameters.")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="A parameter, as name=value.")] = None,
    jobs: Annotated[int, typer.Option("-j", min=1, help="How many scenarios at once.")] = AT_ONCE,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what green ones made too; needs `lakebook up`.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Small data; without slow and stress scenarios.")] = False,
    keep_red: Annotated[bool, typer.Option("--keep-red", help="Keep kernels of red ones until Ctrl-C.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Show every check, and what Lakebook does.")] = False,
    cell_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one cell may take.")] = TIMEOUTS.cell,
    scenario_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one scenario.")] = TIMEOUTS.scenario,
) -> None:
    """Run scenarios on profiles: all of them on the embedded one, unless told otherwise. Exit 1 if any is red."""
    from lakebook.run import batch, kept, selection  # noqa: PLC0415 - slow to import
    from lakebook.stack import presence  # noqa: PLC0415

    log.configure(verbose=verbose)
    matching = selection.select(workflow or [], scenarios or [], requirement_id or [])
    chosen = selection.quick(matching) if quick else matching
    names, absent = presence.expanded(profiles or profile.defaults())
    plan = batch.Batch(
        chosen,
        names,
        selection.values([*([selection.QUICK] if quick else []), *(size or [])]),
        selection.explicit(dict(_pair(text) for text in parameter or []), chosen),
        jobs,
        keep,
        _command(),
        [one.id for one in matching if one not in chosen],
        cell_timeout,
        scenario_timeout,
        kept.Kept() if keep_red else None,
        absent,
    )
    raise typer.Exit(_run(plan, verbose=verbose))


def _tell_absent(absent: Sequence[Absent]) -> None:
    """Say which profiles this machine cannot run, and what brings each."""
    if absent:
        out.print("absent, and so not run:")
        out.print(told.lines((f"  {one.name}", Text(one.why), one.todo) for one in absent))


def _command() -> str:
    """Return how to repeat this run: the settings that the environment gives, and the command."""
    settings = [f"{variable}={shlex.quote(value)}" for variable, value in profile.overrides().items()]
    return " ".join([*settings, "lakebook", *map(shlex.quote, sys.argv[1:])])


def _run(plan: Batch, *, verbose: bool) -> int:
    from lakebook.run import batch, outcome, progress  # noqa: PLC0415

    batch.systems(plan.profiles, keep=plan.keep)  # a broken one is told before anything is written
    folder = batch.new_folder()
    with _keeping(plan, folder):
        with progress.Live(out, verbose) as live:
            done = batch.run(plan, folder, live)
        out.print(outcome.matrix(done, out))
        out.print()
        out.print(outcome.ready(done))
        _tell_absent(plan.absent)
        out.print(outcome.summary(done), soft_wrap=True)
        out.print(f"report: {project.shown(folder / 'index.html')}", soft_wrap=True)
    return done.exit_status


@contextmanager
def _keeping(plan: Batch, folder: Path) -> Iterator[None]:
    """Hold what a run keeps of its red scenarios until Ctrl-C, and say how to look at it."""
    if plan.kept is None:
        yield
        return
    try:
        yield
        for scenario, name in plan.kept.scenarios:
            which = f" --profile {name}" if len(plan.profiles) > 1 else ""
            out.print(f"kept: lakebook debug {folder.name} {scenario}{which}", soft_wrap=True)
        if plan.kept.scenarios:
            with suppress(KeyboardInterrupt):
                out.print("these kernels and their stack stay until Ctrl-C here")
                threading.Event().wait()
    finally:
        plan.kept.end()


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ConfigurationError(
            "a parameter is given as name=value",
            expected="-p files=5",
            got=f"-p {text}",
            todo="each scenario's parameters stand in its first code cell",
        )
    try:
        return name, yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigurationError(
            f"the value of the parameter {name} cannot be read",
            expected="a value as YAML writes it: 5, 0.5, true, text",
            got=f"{value}: {str(error).splitlines()[0]}",
            todo=f"quote it: -p '{name}=\"...\"'",
        ) from None
