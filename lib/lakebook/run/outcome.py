"""What a person sees on the terminal of a run that has ended: the matrix, how soon services were ready, a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from lakebook import panel
from lakebook.report import matrix as report_matrix
from lakebook.report.wording import count
from lakebook.run.progress import COLOURS, sign
from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from lakebook.run.execute import Result
    from lakebook.run.results import ProfileRun, Run

_ENDLESS = 10_000  # columns, to see how wide a table would like to be


def matrix(run: Run, console: Console) -> RenderableType:
    """Return a run as a table: scenarios down, profiles across; in words where they fit, else in signs."""
    words = _in_words(run)
    wanted = console.measure(words, options=console.options.update(width=_ENDLESS)).maximum
    return words if wanted <= console.width else _in_signs(run)


def _in_words(run: Run) -> Table:
    """Return the matrix with a verdict and its checks in each cell."""
    table = Table(header_style="bold", pad_edge=False)
    table.add_column("scenario")
    for profile in run.profiles:
        table.add_column(profile.name)
    for group in report_matrix.groups(run):
        for row in group.rows:
            table.add_row(f"{group.workflow}/{row.scenario}", *(_cell(one) for one in row.cells))
    return table


def _cell(result: Result | None) -> Text:
    if result is None:
        return Text("")
    passed = sum(check.verdict is Verdict.PASS for check in result.checks)
    detail = _reds(result) or f"{passed} of {len(result.checks)} checks"
    return Text.assemble(sign(result.verdict), (f"  {detail}", "dim"))


def _reds(result: Result) -> str:
    return ", ".join(dict.fromkeys(check.requirement for check in result.checks if check.verdict.red))


def _in_signs(run: Run) -> Group:
    """Return the matrix with a sign in each cell, profiles by the numbers that `ready` gives them; then what is red."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("scenario", no_wrap=True)
    for number, _ in enumerate(run.profiles, start=1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for group in report_matrix.groups(run):
        table.add_row(Text(group.workflow, "bold"))
        for row in group.rows:
            table.add_row(f"  {row.scenario}", *(_sign_alone(one) for one in row.cells))
    return Group(table, "", *_legend(run), *_red_cells(run))


def _sign_alone(result: Result | None) -> Text:
    return Text(panel.SIGNS[result.verdict], COLOURS[result.verdict]) if result else Text("")


def _legend(run: Run) -> Iterator[Text]:
    """Yield what the signs mean, where the lines of what is red do not say it all."""
    met = [verdict for verdict in Verdict if any(result.verdict is verdict for result in run.results)]
    if not all(verdict.red for verdict in met):
        yield Text.assemble("signs: ", Text("   ").join(map(sign, met)))


def _red_cells(run: Run) -> Iterator[Text]:
    for one in run.results:
        if one.red:
            place = f"  {one.workflow}/{one.scenario} on {one.profile}"
            yield Text.assemble(sign(one.verdict), place, (f"  {_reds(one)}", "dim"))


def ready(run: Run) -> Table:
    """Return the run's profiles, by number and name, with the seconds after which each role's service was ready."""
    roles = list(dict.fromkeys(str(one["role"]) for profile in run.profiles for one in profile.services))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("seconds to ready", no_wrap=True)
    for role in roles:
        table.add_column(role, justify="right")
    for number, profile in enumerate(run.profiles, start=1):
        table.add_row(str(number), _named(profile), *(_seconds(profile, role) for role in roles))
    return table


def _named(profile: ProfileRun) -> Text:
    return Text.assemble(profile.name, ("  did not start", COLOURS[Verdict.UNKNOWN]) if profile.error else "")


def _seconds(profile: ProfileRun, role: str) -> str:
    found = [float(one["ready_seconds"]) for one in profile.services if one["role"] == role]
    return f"{found[0]:.1f}" if found else ""


def summary(run: Run) -> Text:
    """Return the run in one line: what was red, what was not, and how long it took."""
    checks = [check for result in run.results for check in result.checks]
    counts = {verdict: sum(check.verdict is verdict for check in checks) for verdict in Verdict}
    words = [f"{number} {verdict.word}" for verdict, number in counts.items() if number]
    scenarios = len({(one.workflow, one.scenario) for one in run.results})
    return Text.assemble(
        sign(run.verdict),
        f"  {count(scenarios, 'scenario')} on {count(len(run.profiles), 'profile')}, {count(len(checks), 'check')}: ",
        ", ".join(words) or "none",
        f"  in {run.seconds:.1f} s",
    )
