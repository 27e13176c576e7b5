"""`lakebook diff`: what changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from lakebook.commands.app import app, out

if TYPE_CHECKING:
    from lakebook.report.diff import Change, Diff
    from lakebook.verdict import Verdict

_RUN = "A folder below .lakebook/runs, a path, last, or last~1 for the one before it."


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help=_RUN)],
    after: Annotated[str, typer.Argument(help="The later run, named in the same way.")],
    as_json: Annotated[bool, typer.Option("--json", help="Show it as JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as a page of its own to this file.")] = None,
) -> None:
    """Show what changed between two runs, worse first. Exit 1 if something got worse."""
    from lakebook.report import diff as comparison  # noqa: PLC0415 - slow to import
    from lakebook.report import diff_page, write  # noqa: PLC0415
    from lakebook.run import history  # noqa: PLC0415

    folders = history.find(before), history.find(after)
    runs = history.read(folders[0]), history.read(folders[1])
    found = comparison.compare(*runs)
    names = folders[0].resolve().name, folders[1].resolve().name
    if html:
        write.page(diff_page.render(found, *runs, names), html)
    if as_json:
        content = {"before": names[0], "after": names[1], **comparison.jsonable(found)}
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        _show(found, names)
    raise typer.Exit(found.exit_status)


def _show(found: Diff, names: tuple[str, str]) -> None:
    from lakebook.report import diff_page  # noqa: PLC0415 - slow to import

    out.print(Text(f"{names[0]} → {names[1]}", style="dim"))
    for _kind, title, changes in diff_page.groups(found):
        table = _table(f"{title}: {len(changes)}", "requirement", "scenario", "profile", "before", "after", "note")
        for change in changes:
            table.add_row(*_row(change))
        out.print(table)
    for title, _id, rows in diff_page.tables(found):
        table = _table(title, "what", "before", "after")
        for row in rows:
            table.add_row(*map(Text, row))
        out.print(table)
    if not found.changes and not diff_page.tables(found):
        out.print("nothing changed")
    out.print(Text(diff_page.headline(found), style="bold red" if found.worse else "green"))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False, box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(change: Change) -> list[Text]:
    from lakebook.run import progress  # noqa: PLC0415 - slow to import

    def shown(verdict: Verdict | None) -> Text:
        return progress.sign(verdict) if verdict else Text("–", style="dim")

    what = Text(change.requirement or "the scenario itself")
    note = Text(" ".join(change.note.split())[:200])
    return [what, Text(change.scenario), Text(change.profile), shown(change.before), shown(change.after), note]
