"""Who may do what: keys down, places and operations across, and in each cell what was answered when it was tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Protocol

from lakebook.picture.frame import columns, framed, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakebook.panel import Shown

_LONGEST_PLACE = 36
_WORDS = re.compile(r"[^/_]*$")  # what follows the last end of a word
_STYLE = """<style>
.lb-may.lb-may.lb-may :is(th, td) { border:1px solid var(--lb-line); padding:.16em .5em; text-align:center }
.lb-may.lb-may.lb-may th[scope=row] { text-align:left }
.lb-may.lb-may.lb-may th.lb-turned span { writing-mode:vertical-rl; transform:rotate(180deg); margin:auto }
.lb-may.lb-may.lb-may td.lb-allowed { background:color-mix(in srgb, var(--lb-one) 24%, transparent) }
.lb-may.lb-may.lb-may td.lb-refused { background:color-mix(in srgb, var(--lb-four) 16%, transparent) }
.lb-may.lb-may.lb-may td.lb-bad { outline:2px solid var(--lb-bad); outline-offset:-3px }
</style>"""


class Tried(Protocol):
    """One operation that was tried on one object: `lakebook.lake.access.Attempt`, or anything with the same fields."""

    @property
    def who(self) -> str:
        """The key that it was tried with."""

    @property
    def operation(self) -> str:
        """The operation's name."""

    @property
    def object(self) -> str:
        """The address, such as s3://bucket/key."""

    @property
    def outcome(self) -> str:
        """Whether it was "allowed" or "refused", or is "undecided"."""

    @property
    def answer(self) -> str:
        """What was answered, such as "403 AccessDenied"."""


@dataclass(frozen=True, slots=True)
class _Cell:
    outcome: str
    wanted: str
    answer: str

    @property
    def bad(self) -> bool:
        return self.outcome != self.wanted

    @property
    def text(self) -> str:
        return f"✘ {self.outcome}" if self.bad else self.outcome


_Cells = dict[tuple[str, str, str], _Cell]


def permissions(tried: Iterable[tuple[Tried, str]]) -> Shown:
    """Return a grid of attempts, each given with the outcome that it must have.

    A cell stands for one operation, or for neighbours of one place with the same outcome. One that deviates is outlined
    and begins with ✘. What was not tried is a dash.
    """
    cells: _Cells = {(one.who, one.object, one.operation): _Cell(one.outcome, must, one.answer) for one, must in tried}
    if not cells:
        return framed("who may do what: nothing was tried", "", "")
    bad = sum(cell.bad for cell in cells.values())
    says = f"{bad:,} not as they must be, marked ✘" if bad else "each as it must be"
    title = f"who may do what: {len(cells):,} attempts, {says}"
    keys = list(dict.fromkeys(who for who, _, _ in cells))
    places = _places(cells)
    html = f"{_STYLE}{_table(keys, places, cells)}"
    return framed(title, html, _text(keys, places, cells))


def _places(cells: _Cells) -> dict[str, list[str]]:
    """Return the operations that were tried at each place, by any key."""
    found: dict[str, dict[str, None]] = {}
    for _, place, operation in cells:
        found.setdefault(place, {})[operation] = None
    return {place: list(operations) for place, operations in found.items()}


def _names(places: Iterable[str]) -> dict[str, str]:
    """Return the short names of addresses: without the words that their folders begin with, but for a bucket's own."""
    every = list(places)
    folders = [f"{place.rpartition('/')[0]}/" for place in every if place.removeprefix("s3://").rstrip("/").count("/")]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*folders, strict=False))
    shared = _WORDS.sub("", "".join(letters[0] for letters in alike))
    return {place: shortened(place.removeprefix(shared) or _last(place), _LONGEST_PLACE) for place in every}


def _last(place: str) -> str:
    return f"{place.rstrip('/').rpartition('/')[2]}/"


def _runs(who: str, place: str, operations: Sequence[str], cells: _Cells) -> list[tuple[_Cell | None, list[str]]]:
    """Return neighbouring operations with the same outcome as one: the first one's cell, and their names."""
    tried = [(cells.get((who, place, operation)), operation) for operation in operations]
    groups = groupby(tried, key=lambda one: one[0] and (one[0].outcome, one[0].wanted))
    return [(found[0][0], [name for _, name in found]) for found in (list(group) for _, group in groups)]


def _table(keys: Sequence[str], places: Mapping[str, Sequence[str]], cells: _Cells) -> str:
    names = _names(places)
    above = "".join(
        f'<th scope="colgroup" colspan="{len(operations)}" title="{escape(place)}">{escape(names[place])}</th>'
        for place, operations in places.items()
    )
    turned = "".join(
        f'<th scope="col" class="lb-turned"><span>{escape(operation)}</span></th>'
        for operations in places.values()
        for operation in operations
    )
    lines = "".join(f'<tr><th scope="row">{escape(who)}</th>{_line(who, places, cells)}</tr>' for who in keys)
    return f'<table class="lb-may"><tr><th rowspan="2">key</th>{above}</tr><tr>{turned}</tr>{lines}</table>'


def _line(who: str, places: Mapping[str, Sequence[str]], cells: _Cells) -> str:
    return "".join(_cell(cell, names) for place in places for cell, names in _runs(who, place, places[place], cells))


def _cell(cell: _Cell | None, operations: Sequence[str]) -> str:
    if cell is None:
        return f'<td colspan="{len(operations)}" class="lb-quiet">–</td>'
    must = f", must be {cell.wanted}" if cell.bad else ""
    says = escape(f"{', '.join(operations)}: {cell.outcome} ({cell.answer}){must}")
    look = f"lb-{escape(cell.outcome)}{' lb-bad' if cell.bad else ''}"
    return f'<td colspan="{len(operations)}" class="{look}" title="{says}">{escape(cell.text)}</td>'


def _text(keys: Sequence[str], places: Mapping[str, Sequence[str]], cells: _Cells) -> str:
    names = _names(places)
    lines = [
        (who, names[place], ", ".join(operations), cell.text)
        for who in keys
        for place in places
        for cell, operations in _runs(who, place, places[place], cells)
        if cell
    ]
    return columns([("key", "place", "operations", "outcome"), *lines])
