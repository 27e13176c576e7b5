"""`lakebook bench`: how fast, how small, and whether that is within the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lakebook import log, profile
from lakebook.bench.figure import Sizes
from lakebook.commands.app import app, out
from lakebook.errors import ConfigurationError, LakebookError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.bench.figure import Figure

_USUAL = Sizes()


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Figures, by name; all of them, unless told.")] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Run only this scenario; repeatable.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Scenarios with small data.")] = False,
    rows: Annotated[int, typer.Option(min=1, help="Rows that a loader loads.")] = _USUAL.rows,
    more_rows: Annotated[int, typer.Option(min=1, help="Rows that its memory is compared at.")] = _USUAL.more_rows,
    rows_per_file: Annotated[int, typer.Option(min=1, help="Rows in each file.")] = _USUAL.rows_per_file,
    known_files: Annotated[int, typer.Option(min=1, help="Files that are known already.")] = _USUAL.known_files,
    repeat: Annotated[int, typer.Option(min=1, help="How often what is noisy is measured.")] = _USUAL.repeat,
    limit: Annotated[list[str] | None, typer.Option(help="Another limit, as name=value; repeatable.")] = None,
    profile_name: Annotated[str, typer.Option("--profile", help="The system under test.")] = _USUAL.profile,
) -> None:
    """Measure, on stacks of its own, and hold each figure against its limit: exit 1 if one is beyond, or not measured.

    What is compared stands under the table. Measure on a quiet machine, without `lakebook up`.
    """
    from lakebook.bench import figures  # noqa: PLC0415 - slow to import

    log.configure()
    profile.load(profile_name)
    every = figures.every()
    limits = {name: figure.limit for name, figure in every.items()} | _limits(limit or [], every)
    chosen = [_known(name, every) for name in names or every]
    sizes = Sizes(profile_name, tuple(scenario or ()), quick, rows, more_rows, rows_per_file, known_files, repeat)
    raise typer.Exit(int(not _held(chosen, sizes, limits)))


def _known(name: str, every: Mapping[str, Figure]) -> Figure:
    if name not in every:
        raise ConfigurationError(
            f"there is no figure {name}", expected=" or ".join(every), got=name, todo="lakebook bench --help"
        )
    return every[name]


def _limits(given: Sequence[str], every: Mapping[str, Figure]) -> dict[str, float]:
    limits = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            limits[_known(name, every).name] = float(value)
        except ValueError:
            raise ConfigurationError(
                "a limit is given as name=number", expected="--limit stack-ready=5", got=text, todo="give a number"
            ) from None
    return limits


def _held(chosen: Sequence[Figure], sizes: Sizes, limits: Mapping[str, float]) -> bool:
    table = Table(title="figures", title_justify="left")
    for column in ("", "figure", "measured", "limit"):
        table.add_column(column)
    held, notes = True, []
    for figure in chosen:
        holds, shown, seen = _measured(figure, sizes, limits[figure.name])
        held &= holds
        sign = Text("✔", style="green") if holds else Text("✘", style="bold red")
        bound = f"at {'least' if figure.at_least else 'most'} {limits[figure.name]:g} {figure.unit}"
        table.add_row(sign, figure.name, shown, bound)
        notes += [f"{figure.name}: {figure.says}", *(f"    {line}" for line in seen)]
        out.print(f"{figure.name}: {shown}", soft_wrap=True)
    out.print(table)
    out.print("\n".join(notes), soft_wrap=True, markup=False)
    return held


def _measured(figure: Figure, sizes: Sizes, limit: float) -> tuple[bool, str, Sequence[str]]:
    try:
        measured = figure.measure(sizes)
    except ConfigurationError:
        raise
    except LakebookError as error:
        return False, "not measured", str(error).splitlines()
    return figure.holds(measured.value, limit), f"{measured.value:.2f} {figure.unit}", measured.seen
