"""How values, times and requirements read in a report."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook import requirement
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from lakebook.run.execute import Result
    from lakebook.verdict import Check

_LONGEST = 280
_MOST_PAIRS = 8
_MOST_ROWS = 4
_ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of evidence: expected and got, side by side."""

    name: str
    expected: str
    got: str


def evidence(check: Check) -> list[Pair]:
    """Return what was expected and what came, shortened; of two mappings only where they differ."""
    expected, got = check.expected, check.got
    if expected is None and got is None:
        return []
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return [Pair("", short(expected), short(got))]
    differ = [key for key in {**expected, **got} if expected.get(key, _ABSENT) != got.get(key, _ABSENT)]
    pairs = [Pair(str(key), short(expected.get(key, _ABSENT)), short(got.get(key, _ABSENT))) for key in differ]
    more = len(pairs) - _MOST_PAIRS
    return pairs if more <= 0 else [*pairs[:_MOST_PAIRS], Pair(f"and {more} more", "…", "…")]


def short(value: Any) -> str:
    """Return a value as text that fits into a line or three."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return _rows(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"


def _rows(rows: list[dict[str, Any]]) -> str:
    """Return the first rows of a table, a line each."""
    lines = [" · ".join(short(value) for value in row.values()) for row in rows[:_MOST_ROWS]]
    more = len(rows) - _MOST_ROWS
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def duration(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def when(iso: str) -> str:
    """Return a time of results.json without the letters that only machines like."""
    return iso.replace("T", " ").replace("Z", " UTC")


def again(result: Result) -> str:
    """Return the command that repeats one scenario alone, with the parameters that it had."""
    given = {name: value for name, value in result.parameters.items() if name != "profile"}
    values = [f"{name}={json.dumps(value)}" for name, value in given.items()]  # `-p` reads YAML, and so JSON
    options = ["--profile", result.profile, *(part for value in values for part in ("-p", value))]
    return shlex.join(["lakebook", "run", f"{result.workflow}/{result.scenario}", *options])


def sentence(identifier: str) -> str:
    """Return what a requirement says; empty for one that the workbook no longer has."""
    try:
        known = requirement.all_requirements().get(identifier)
    except ConfigurationError:  # the report of a run is written even where the workbook has been broken since
        return ""
    return known.says if known else ""


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
