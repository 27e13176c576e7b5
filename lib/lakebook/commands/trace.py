"""`lakebook trace`: requirements, checks, the last results and the last proofs, joined."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lakebook import log
from lakebook.commands.app import app, out
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.report.trace import Line

_STYLES = {
    "red": "bold red",
    "no check": "bold yellow",
    "never run": "yellow",
    "unproven": "yellow",
    "covered": "green",
    "not applicable": "dim",
    "later": "dim",
}


@app.command()
def trace(
    workflow: Annotated[list[str] | None, typer.Option("--workflow", "-w", help="Only this workflow.")] = None,
    run: Annotated[str, typer.Option(help="A folder of .lakebook/runs.")] = "last",
    everything: Annotated[bool, typer.Option("--all", help="Those as well that wait for later.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, on standard output.")] = False,
) -> None:
    """Show what is known of each requirement: exit 1 if one is red, has no check, was never run, or is unproven.

    Covered is what the last run decided without red, and what a mutant has turned red (`lakebook prove`).
    """
    from lakebook.run import history, traced  # noqa: PLC0415 - slow to import

    found = history.read(history.find(run)) if history.folders() or run != history.LAST else None

    log.configure()
    lines = [line for line in traced.lines(found) if not workflow or line.workflow in workflow]
    if not lines:
        raise ConfigurationError(
            "no requirement matches", got=", ".join(workflow or []), todo="lakebook list workflows"
        )
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=1, ensure_ascii=False))
    else:
        _show(lines, everything=everything)
    raise typer.Exit(int(any(line.state.gap for line in lines)))


def _show(lines: Sequence[Line], *, everything: bool) -> None:
    from lakebook.report.trace import MEANING, State, counts  # noqa: PLC0415

    table = Table(pad_edge=False)
    for column in ("requirement", "state", "scenarios", "last run", "found mutants"):
        table.add_column(column, overflow="fold")
    for line in (one for one in lines if everything or one.state is not State.LATER):
        ran = line.reason or ", ".join(f"{profile} {verdict.word}" for profile, verdict in line.verdicts.items())
        table.add_row(
            line.id,
            Text(line.state, style=_STYLES[line.state]),
            ", ".join(line.scenarios),
            ran,
            ", ".join(line.mutants),
        )
    out.print(table)
    for state, number in counts(lines).items():
        out.print(Text.assemble((f"{number:>4} {state}", _STYLES[state]), f"  {MEANING[state]}"), soft_wrap=True)
