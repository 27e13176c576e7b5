"""The command `lakebook`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from lakebook import log, profile, project, requirement
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.timeouts import TIMEOUTS, Timeouts

if TYPE_CHECKING:
    from lakebook.run.batch import Batch

app = typer.Typer(
    help="Find out whether an Iceberg lakehouse does what it says.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)

_INTERRUPTED = 130
ProfileName = Annotated[str, typer.Option("--profile", help="The system under test.")]


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
    jobs: Annotated[int, typer.Option("-j", min=1, help="How many scenarios at once.")] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what green ones made too; needs `lakebook up`.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Small data; without slow and stress scenarios.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Show every check, and what Lakebook does.")] = False,
    cell_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one cell may take.")] = TIMEOUTS.cell,
    scenario_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one scenario.")] = TIMEOUTS.scenario,
) -> None:
    """Run scenarios on profiles: all of them on the embedded one, unless told otherwise. Exit 1 if any is red."""
    from lakebook.run import selection  # noqa: PLC0415 - slow to import
    from lakebook.run.batch import Batch  # noqa: PLC0415

    log.configure(verbose=verbose)
    matching = selection.select(workflow or [], scenarios or [], requirement_id or [])
    chosen = selection.quick(matching) if quick else matching
    plan = Batch(
        chosen,
        profiles or profile.defaults(),
        selection.values([*(["quick"] if quick else []), *(size or [])]),
        selection.explicit(dict(_pair(text) for text in parameter or []), chosen),
        jobs,
        keep,
        " ".join(["lakebook", *sys.argv[1:]]),
        [one.id for one in matching if one not in chosen],
        cell_timeout,
        scenario_timeout,
    )
    raise typer.Exit(_run(plan, verbose=verbose))


def _run(plan: Batch, *, verbose: bool) -> int:
    from lakebook.run import batch, progress  # noqa: PLC0415

    batch.systems(plan.profiles, keep=plan.keep)  # a broken one is told before anything is written
    folder = batch.new_folder()
    with progress.Live(out, verbose) as live:
        done = batch.run(plan, folder, live)
    out.print(progress.matrix(done))
    out.print(progress.summary(done))
    out.print(f"report: {project.shown(folder / 'index.html')}", soft_wrap=True)
    return done.exit_status


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


@app.command()
def up(profile_name: ProfileName = "embedded") -> None:
    """Start a profile's services and leave them running, until `lakebook down`."""
    from lakebook.stack import shared  # noqa: PLC0415

    _show_stack(shared.up(profile.load(profile_name), tell=out.print))


@app.command()
def down(profile_name: Annotated[str | None, typer.Option("--profile", help="Only this one.")] = None) -> None:
    """Stop what `lakebook up` started."""
    from lakebook.stack import shared  # noqa: PLC0415

    stopped = shared.down(profile_name)
    out.print("\n".join(f"stopped {name}" for name in stopped) or "nothing was running")


@app.command()
def status() -> None:
    """Show the stacks that run: services, versions, addresses, logs. Exit 1 if a service of one has died."""
    from lakebook.stack.state import running  # noqa: PLC0415

    found = running()
    for state in found:
        _show_stack(state)
    if not found:
        out.print("no stack is running; lakebook up starts one")
    raise typer.Exit(int(any(state.dead() for state in found)))


def _show_stack(state: Any) -> None:
    dead = state.dead()
    table = Table(title=f"{state.profile}{' (shared)' if state.shared else ''}", title_justify="left")
    for column in ("role", "service", "version", "address", "state", "log"):
        table.add_column(column, overflow="fold")
    for role, service in state.services.items():
        alive = "dead" if role in dead else "running"
        table.add_row(role, service.kind, service.version, service.url, alive, service.log)
    out.print(table)


@app.command()
def clean() -> None:
    """Remove what earlier runs left: tables and files of red scenarios, folders of stacks whose owner is gone."""
    from lakebook.lake import leftovers  # noqa: PLC0415

    removed = leftovers.remove()
    out.print("\n".join(f"removed {name}" for name in removed) or "nothing was left behind")


@app.command("list")
def list_(what: Annotated[str, typer.Argument(help="profiles, workflows, scenarios or requirements")]) -> None:
    """List what there is, by name."""
    from lakebook.run import scenario  # noqa: PLC0415

    lists = {
        "profiles": lambda: [(name, profile.load(name).title) for name in profile.names()],
        "workflows": lambda: [(name, "") for name in dict.fromkeys(one.workflow for one in scenario.every())],
        "scenarios": lambda: [(one.id, one.title) for one in scenario.every()],
        "requirements": lambda: [(one.id, one.says) for one in requirement.all_requirements().values()],
    }
    if what not in lists:
        raise ConfigurationError(
            f"there is no list of {what}", expected=" or ".join(lists), got=what, todo="lakebook list scenarios"
        )
    entries: list[tuple[str, str]] = lists[what]()  # type: ignore[no-untyped-call]  # a dict of lambdas
    for name, text in entries:
        out.print(f"{name:<34} {text}".rstrip(), soft_wrap=True)


def main() -> None:
    """Run the command; an error is one clear message and an exit status: 1 red, 2 wrong usage, 130 interrupted."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        Timeouts.from_environment()  # a wrong one is told here
        app()
    except LakebookError as error:
        _fail(error)
    except OSError as error:
        _fail(project.unwritable(Path(error.filename or ".lakebook"), error))
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended, SystemExit) and ended.code != _INTERRUPTED:
            raise
        sys.stderr.write("interrupted; everything that was started has been stopped\n")
        sys.exit(_INTERRUPTED)


def _fail(error: LakebookError) -> None:
    Console(stderr=True, highlight=False).print(str(error), soft_wrap=True, markup=False)
    sys.exit(error.exit_status)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
