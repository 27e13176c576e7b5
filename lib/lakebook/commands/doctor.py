"""`lakebook doctor` and `install`: what of a profile is on this machine, and what brings the rest."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lakebook import profile
from lakebook.commands.app import app, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.stack.presence import Presence

Profiles = Annotated[list[str] | None, typer.Option("--profile", help="Only this one; repeatable.")]


@app.command()
def doctor(
    profiles: Profiles = None,
    reach: Annotated[bool, typer.Option("--reach", help="See too whether somebody listens at each address.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, on standard output.")] = False,
) -> None:
    """Say what each profile lacks here, and the command that brings it; of those named, all that they need.

    Nothing is started. Exit 1 where a profile that was named lacks something; without a name, one of those that run by
    default.
    """
    from lakebook.stack import presence  # noqa: PLC0415 - slow to import

    judged, _ = presence.expanded(profiles or profile.defaults())
    found = [presence.of(name, reach=reach) for name in (judged if profiles else profile.names())]
    if as_json:
        typer.echo(json.dumps([{**asdict(one), "complete": one.complete} for one in found], indent=1))
    elif profiles:
        _show(found)
    else:
        _overview(found)
    raise typer.Exit(int(any(not one.complete for one in found if one.name in judged)))


def _show(found: Sequence[Presence]) -> None:
    for one in found:
        table = Table(title=f"{one.name}: {one.caption}", title_justify="left", pad_edge=False)
        for column in ("role", "service", "needs", "", "where"):
            table.add_column(column, overflow="fold")
        for line in one.lines:
            mark = Text("✔ there", "green") if line.there else Text("✘ " + line.detail, "red")
            table.add_row(line.role, line.service, line.needs, mark, line.detail if line.there else "")
        out.print(table)
        for todo in dict.fromkeys(line.todo for line in one.missing):  # whole lines, to be copied
            out.print(f"  {todo}", soft_wrap=True, markup=False)


def _overview(found: Sequence[Presence]) -> None:
    """Show a line for each profile: whether it can run here, else the first thing that it lacks and what to do."""
    from lakebook.stack import presence  # noqa: PLC0415

    table = Table(pad_edge=False)
    for column in ("profile", "", "what to do"):
        table.add_column(column, overflow="fold")
    for one in found:
        if one.complete:
            ready = Text("✔ there", "green") if one.local else Text("✔ set up, by address", "green")
            table.add_row(one.name, ready, f"lakebook run --profile {one.name}")
        else:
            why, todo = presence.why_not(one)
            table.add_row(one.name, Text(f"✘ {why}", "red"), todo)
    out.print(table)
    out.print("all that one needs: lakebook doctor --profile NAME", soft_wrap=True)


@app.command()
def install(profiles: Profiles = None) -> None:
    """Bring what profiles need and this machine lacks; what is there already stays. Exit 1 where that fails."""
    from lakebook.stack import presence  # noqa: PLC0415

    names, _ = presence.expanded(profiles or profile.defaults())
    missing = {name: part for one in names for name, part in presence.missing_parts(one).items()}
    for number, (name, part) in enumerate(missing.items(), start=1):
        out.print(f"{number} of {len(missing)}  {name}: {part.command()}", soft_wrap=True)
        begin = time.monotonic()
        with out.status(f"bringing {name}"):
            part.install()
        out.print(f"    brought in {time.monotonic() - begin:.0f} s")
    out.print(f"everything is there for {', '.join(names)}")
