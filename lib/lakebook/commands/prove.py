"""`lakebook prove`: shows that the checks can fail."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from lakebook import log, project
from lakebook.commands.app import app, out
from lakebook.timeouts import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.proof.planted import Mutant
    from lakebook.proofs import Proof

_STYLES = {"found": "green", "survived": "bold red", "astray": "bold red"}


@app.command()
def prove(
    mutants: Annotated[list[str] | None, typer.Argument(help="Mutants, by name; all of them, unless told.")] = None,
    requirement_id: Annotated[
        list[str] | None, typer.Option("--requirement", "-r", help="Only those that a check of it must find.")
    ] = None,
    profile_name: Annotated[str, typer.Option("--profile", help="The system that they are planted in.")] = "embedded",
    jobs: Annotated[int, typer.Option("-j", min=1, help="How many at once, each on a stack of its own.")] = 2,
) -> None:
    """Plant defects in the system and see the checks find them: exit 1 if one survives, or turns more red than it says.

    Per requirement it says by which check a defect was found; `lakebook trace` joins this with the last run.
    """
    from lakebook.proof import planted  # noqa: PLC0415 - slow to import
    from lakebook.proofs import Ending  # noqa: PLC0415

    log.configure()
    os.environ.setdefault(f"{PREFIX}SECOND_READER", "12")  # DuckDB hangs wherever a mutant makes the store refuse it
    chosen = planted.select(mutants or [], requirement_id or [])
    proofs = _proved(chosen, profile_name, jobs)
    out.print(_by_requirement(proofs))
    bad = [one for one in proofs if one.ending is not Ending.FOUND]
    for one in bad:
        out.print(_explained(one), soft_wrap=True)
    out.print(f"{len(proofs) - len(bad)} of {len(proofs)} mutants found, as declared", soft_wrap=True)
    raise typer.Exit(int(bool(bad)))


def _proved(chosen: Sequence[Mutant], profile_name: str, jobs: int) -> list[Proof]:
    from lakebook import proofs as kept  # noqa: PLC0415
    from lakebook.proof import prove as run  # noqa: PLC0415
    from lakebook.run import batch  # noqa: PLC0415

    proofs = []
    folder = batch.new_folder("proofs")
    with Progress(console=out, transient=True) as progress:
        task = progress.add_task("mutants", total=len(chosen))
        for one in run.each(chosen, profile_name, folder, jobs=jobs):
            proofs.append(one)
            line = Text.assemble((f"{one.ending:<9}", _STYLES[one.ending]), f"{one.mutant}  {one.seconds:.1f} s")
            progress.console.print(line, soft_wrap=True)
            progress.advance(task)
            kept.keep([one])
    out.print(f"what ran: {project.shown(folder)}", soft_wrap=True)
    return proofs


def _by_requirement(proofs: Sequence[Proof]) -> Table:
    """Return a table: each requirement, the mutants planted against it, and the check that found each."""
    table = Table(pad_edge=False)
    for column in ("requirement", "", "mutant", "found by"):
        table.add_column(column, overflow="fold")
    lines = sorted((identifier, one.mutant, one) for one in proofs for identifier in one.declared)
    for identifier, mutant, one in lines:
        word = "survived" if identifier in one.survived else "found"
        table.add_row(identifier, Text(word, style=_STYLES[word]), mutant, one.red.get(identifier, ""))
    return table


def _explained(one: Proof) -> Text:
    lines = [f"{one.mutant}: {one.sentence}"]
    if one.survived:
        lines.append(f"  survived: no check of {', '.join(one.survived)} turned red")
    if one.astray:
        lines.append(f"  astray: {', '.join(one.astray)} red or undecided as well, which it does not declare")
    lines += [f"  {identifier}: {why}" for identifier, why in one.undecided.items()]
    lines.append(f"  report: {one.folder}/index.html")
    return Text("\n".join(lines), style="bold red")
