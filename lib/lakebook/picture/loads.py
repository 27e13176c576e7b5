"""Rows by file and run: which file's rows were loaded by which run, and whether each has as many as were uploaded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lakebook.picture.frame import columns, framed, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.panel import Shown

_MOST_FILES = 40  # of more, those that have all their rows are told as a number
_LONGEST_NAME = 40
_COLOURS = ("--lb-one", "--lb-two", "--lb-three", "--lb-four")


def loads(uploaded: Mapping[str, int], runs: Sequence[str], added: Mapping[tuple[str, str], int]) -> Shown:
    """Return a grid, files down and runs across, of the rows that each run added; negative where it took some away.

    `uploaded` are the rows of each file, `added` those that came to the table by (file, run). A file whose rows do not
    add up to what was uploaded is marked, and always shown.
    """
    if not uploaded:
        return framed("rows by file and run: no file", "", "")
    wrong = [name for name in uploaded if _sum(name, runs, added) != uploaded[name]]
    shown = _shown(list(uploaded), wrong)
    told = (
        f"{len(wrong):,} of {len(uploaded):,} files have too few or too many" if wrong else "each has what was uploaded"
    )
    more = len(uploaded) - len(shown)
    folded = f"… and {more:,} more files, each with as many as were uploaded" if more else ""
    html = f"{_table(shown, uploaded, runs, added)}{f'<p>{folded}</p>' if folded else ''}"
    text = _text(shown, uploaded, runs, added)
    return framed(f"rows by file and run: {told}", html, f"{text}\n{folded}".rstrip())


def _sum(name: str, runs: Sequence[str], added: Mapping[tuple[str, str], int]) -> int:
    return sum(added.get((name, run), 0) for run in runs)


def _shown(names: Sequence[str], wrong: Sequence[str]) -> list[str]:
    if len(names) <= _MOST_FILES:
        return list(names)
    kept = {*names[:_MOST_FILES], *wrong}
    return [name for name in names if name in kept]


def _verdict(got: int, expected: int) -> str:
    return f"{'✔' if got == expected else '✘'} {got:,} of {expected:,}"


def _table(
    names: Sequence[str], uploaded: Mapping[str, int], runs: Sequence[str], added: Mapping[tuple[str, str], int]
) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("file", *runs, "in the table"))
    lines = []
    for name in names:
        cells = "".join(_cell(added.get((name, run), 0), uploaded[name], at) for at, run in enumerate(runs))
        got = _sum(name, runs, added)
        bad = "" if got == uploaded[name] else ' class="lb-bad"'
        label = f'<th scope="row" title="{escape(name)}">{escape(shortened(name, _LONGEST_NAME))}</th>'
        lines.append(f"<tr>{label}{cells}<td{bad}>{_verdict(got, uploaded[name])}</td></tr>")
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _cell(rows: int, uploaded: int, run: int) -> str:
    """Return a cell that is filled as far as the run loaded the file, with the number of rows in it."""
    if not rows:
        return '<td class="lb-quiet">·</td>'
    share = min(100, 100 * abs(rows) / uploaded) if uploaded else 100
    colour = f"color-mix(in srgb, var({_COLOURS[run % len(_COLOURS)]}) 32%, transparent)"
    fill = f"background:linear-gradient(90deg, {colour} {share:.0f}%, transparent {share:.0f}%)"
    box = (
        "display:inline-block; min-width:6.5em; padding:.05em .5em; border-radius:3px; border:1px solid var(--lb-line)"
    )
    return f'<td><span style="{box}; {fill}">{rows:+,}</span></td>'


def _text(
    names: Sequence[str], uploaded: Mapping[str, int], runs: Sequence[str], added: Mapping[tuple[str, str], int]
) -> str:
    lines = [["file", *runs, "in the table"]]
    for name in names:
        cells = [f"{rows:+,}" if (rows := added.get((name, run), 0)) else "·" for run in runs]
        lines.append([name, *cells, _verdict(_sum(name, runs, added), uploaded[name])])
    return columns(lines)
