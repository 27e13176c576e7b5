"""`lakebook soak`: shows that a run can be repeated."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from lakebook import log, profile, project
from lakebook.commands.app import app, out


@app.command()
def soak(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Scenarios, by name; all of them, unless told.")] = None,
    runs: Annotated[int, typer.Option(min=0, help="Full runs in a row, on one stack that stays.")] = 20,
    at_once: Annotated[int, typer.Option(min=0, help="Full runs at once, each on a stack of its own.")] = 4,
    profile_name: Annotated[str, typer.Option("--profile", help="The system under test.")] = "embedded",
    quick: Annotated[bool, typer.Option("--quick", help="Small data.")] = False,
) -> None:
    """Run everything again and again, then several times at once: exit 1 if one run differs, or leaves anything behind.

    After each run no process, port, folder or temporary file of it may be left, and in the stack no bucket, object,
    namespace or ingestion. It works in a copy of the workbook, below .lakebook/soak, which keeps logs and reports.
    """
    from lakebook.run import selection  # noqa: PLC0415 - slow to import
    from lakebook.soak.soak import Soak  # noqa: PLC0415
    from lakebook.soak.workbook import copy  # noqa: PLC0415

    log.configure()
    profile.load(profile_name)
    selection.select(scenarios=scenarios or [])
    wrong = 0
    with copy([profile_name]) as lent:
        soaked = Soak(lent, profile_name, [*(scenarios or []), *(["--quick"] if quick else [])])
        for rounds in (soaked.in_a_row(runs) if runs else (), soaked.at_once(at_once) if at_once else ()):
            for one in rounds:
                wrong += bool(one.wrong)
                sign = Text("✘", style="bold red") if one.wrong else Text("✔", style="green")
                out.print(Text.assemble(sign, f" {one.name}  {one.seconds:.1f} s"), soft_wrap=True)
                for line in one.wrong:
                    out.print(f"    {line}", soft_wrap=True)
    out.print(f"logs and reports: {project.shown(lent.home)}", soft_wrap=True)
    raise typer.Exit(int(bool(wrong)))
