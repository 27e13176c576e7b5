"""`lakebook doctor` and `install`: what of a profile is on this machine, and what brings the rest."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from lakebook import profile
from lakebook.commands import told
from lakebook.commands.app import app, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.stack.presence import Presence

_REACH = "--reach sees whether it answers"
Profiles = Annotated[list[str] | None, typer.Option("--profile", help="Only this one; repeatable.")]


@app.command()
def doctor(
    profiles: Profiles = None,
    reach: Annotated[bool, typer.Option("--reach", help="See too whether somebody listens at each address.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, on standard output.")] = False,
) -> None:
    """Say what each profile lacks here, and the command that brings it; of those named, all that they need.

    Nothing is started. Exit 1 where a profile that was named lacks something; without a name, one of those that run by
    default. Exit 2 where one that was named cannot be read.
    """
    from lakebook.stack import presence  # noqa: PLC0415 - slow to import

    judged, _ = presence.expanded(profiles or profile.defaults())
    look, names = (presence.of_one, judged) if profiles else (presence.of, profile.names())
    found = [look(name, reach=reach) for name in names]
    if as_json:
        typer.echo(json.dumps([{**asdict(one), "complete": one.complete} for one in found], indent=1))
    elif profiles:
        _show(found, reached=reach)
    else:
        _overview(found)
    raise typer.Exit(int(any(not one.complete for one in found if one.name in judged)))


def _show(found: Sequence[Presence], *, reached: bool) -> None:
    """Say of each thing that a profile needs whether it is there, in whole lines, to be copied; then what to do."""
    from lakebook.stack.presence import ABSENT, AN_ADDRESS  # noqa: PLC0415

    for one in found:
        out.print(f"{one.name}: {one.caption}", soft_wrap=True, markup=False)
        for line in one.lines:
            mark = Text(f"{'✔' if line.there else '✘'} {line.needs}", "green" if line.there else "red")
            place = Text(f"  {line.role:<10} {line.service:<20} ")
            unseen = f"; {_REACH}" if line.needs == AN_ADDRESS and line.there and not reached else ""
            out.print(place + mark + Text(f": {line.detail}{unseen}" if line.detail else ""), soft_wrap=True)
        if any(line.detail == ABSENT for line in one.missing):
            out.print(f"lakebook install --profile {one.name} brings what is absent, by these commands:")
        for todo in dict.fromkeys(line.todo for line in one.missing):
            out.print(f"  {todo}", soft_wrap=True, markup=False)


def _overview(found: Sequence[Presence]) -> None:
    """Say of each profile whether it can run here, else the first thing that it lacks and what to do."""
    out.print(told.lines(_in_short(one) for one in found))
    out.print("lakebook run --profile NAME runs one that is there")
    out.print("lakebook doctor --profile NAME says all that one needs")


def _in_short(one: Presence) -> tuple[str, Text, str]:
    from lakebook.stack import presence  # noqa: PLC0415

    if one.complete:
        return one.name, Text("✔ there" if one.local else f"✔ by address; {_REACH}", "green"), ""
    why, todo = presence.why_not(one)
    return one.name, Text(f"✘ {why}", "red"), todo


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
