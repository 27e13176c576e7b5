"""What a person sees on the terminal while a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Self

from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from lakebook import panel
from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from lakebook.run.execute import Result
    from lakebook.verdict import Check

COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.KNOWN_FAILURE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}


def sign(verdict: Verdict) -> Text:
    """Return a verdict as the terminal shows it: a sign and a word, not a colour alone."""
    return Text(f"{panel.SIGNS[verdict]} {verdict.word}", style=COLOURS[verdict])


@dataclass(slots=True)
class Live:
    """Live progress: one line a scenario that runs, one kept line for each that has ended."""

    console: Console
    verbose: bool = False
    progress: Progress = field(init=False)
    _lines: dict[str, TaskID] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self.progress = Progress(*columns, console=self.console, transient=True)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def service(self, profile: str, service: str, what: str) -> None:
        """Show that a service is starting, or ready."""
        if what == "starting":
            self._begin(f"{profile}: {service}", f"{profile}: starting {service}")
        else:
            self._end(f"{profile}: {service}")

    def begun(self, scenario: str, profile: str) -> None:
        """Show that a scenario runs."""
        self._begin(f"{scenario} {profile}", f"{scenario} on {profile}")

    def ended(self, result: Result) -> None:
        """Show what came of a scenario, with its red checks; with -v, with all of them."""
        self._end(f"{result.workflow}/{result.scenario} {result.profile}")
        head = Text.assemble(
            sign(result.verdict),
            f"  {result.workflow}/{result.scenario}",
            (f"  {result.profile}", "dim"),
            f"  {result.seconds:.1f} s",
        )
        checks = [_line(check, result) for check in result.checks if self.verbose or check.verdict.red]
        error = [Text(_indented(result.error))] if result.error else []
        self.progress.console.print(Text("\n").join([head, *checks, *error]), soft_wrap=True)  # whole: others end too

    def absent(self, profile: str, error: str) -> None:
        """Show that a profile did not start, and why."""
        for key in [key for key in self._lines if key.startswith(f"{profile}: ")]:
            self._end(key)
        line = Text.assemble((f"✘ {profile} did not start", "bold red"), f"\n{_indented(error)}")
        self.progress.console.print(line, soft_wrap=True)

    def _begin(self, key: str, text: str) -> None:
        with self._lock:
            self._lines[key] = self.progress.add_task(text, total=None)

    def _end(self, key: str) -> None:
        with self._lock:
            if key in self._lines:
                self.progress.remove_task(self._lines.pop(key))


def _line(check: Check, result: Result) -> Text:
    """Return a check as a line; with the reason, where it is not the one for which the scenario itself is red."""
    reason = check.reason.splitlines()[0] if check.reason and check.reason not in result.error else ""
    return Text.assemble("    ", sign(check.verdict), f" {check.requirement}", (f"  {reason}" if reason else "", "dim"))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
