"""Attempts and faults over time: what a client asked for, what the service answered, what the client was told."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lakebook.picture.frame import columns, framed, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lakebook.panel import Shown

_MOST_ROWS = 30  # of more, those in which nothing happened are told as a number
_NEAR = 2  # rows around one in which something happened, which are kept
_LONGEST_PATH = 50
_BAR = "position:relative; width:8em; height:.8em; background:var(--lb-line); border-radius:2px"


class Seen(Protocol):
    """One exchange, as a proxy records it: `lakebook.faults.Exchange`, or anything with the same fields."""

    @property
    def number(self) -> int:
        """Its place in the record."""

    @property
    def at(self) -> float:
        """When the request came, in seconds."""

    @property
    def method(self) -> str:
        """The HTTP method."""

    @property
    def path(self) -> str:
        """The path, with its query."""

    @property
    def upstream(self) -> int | None:
        """The status that the service answered; None where it was not asked or did not answer."""

    @property
    def client(self) -> int | str:
        """The status that the client was told, or a word, such as "dropped"."""

    @property
    def fault(self) -> str:
        """The name of the fault that was applied; empty for none."""

    @property
    def seconds(self) -> float:
        """How long it took."""


class Event(NamedTuple):
    """Something beside the exchanges, such as a kill, a restart, the begin of a run. `at` is in the same seconds."""

    at: float
    says: str


@dataclass(frozen=True, slots=True)
class _Fold:
    """Exchanges that are told as a number."""

    at: float
    count: int


_Row = Event | _Fold | Seen


def timeline(exchanges: Iterable[Seen], events: Iterable[tuple[float, str]] = ()) -> Shown:
    """Return a picture of exchanges and events in the order of time, with bars to scale; times count from the first.

    Of many exchanges, those that were answered as the service said, far from any fault or event, are told as a number.
    """
    seen = list(exchanges)
    told = [Event(*event) for event in events]
    rows: list[_Row] = sorted([*told, *seen], key=_when)
    if not rows:
        return framed("timeline: nothing was seen", "", "")
    first, last = rows[0].at, max([*(one.at + one.seconds for one in seen), *(event.at for event in told)])
    faults = sum(bool(one.fault) for one in seen)
    title = f"timeline: {_count(len(seen), 'exchange')}, {_count(faults, 'fault')}, {last - first:.2f} s"
    shown = list(_folded(rows))
    head = "".join(f"<th>{name}</th>" for name in ("seconds", "", "", "request", "service", "client", "fault"))
    body = "".join(_html(row, first, max(last - first, 1e-9)) for row in shown)
    return framed(title, f"<table><tr>{head}</tr>{body}</table>", columns([_text(row, first) for row in shown]))


def _when(row: _Row) -> float:
    return row.at


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _eventful(row: _Row) -> bool:
    if isinstance(row, Event | _Fold):
        return True
    return bool(row.fault) or row.client != row.upstream or not isinstance(row.client, int) or row.client >= 400


def _folded(rows: Sequence[_Row]) -> Iterator[_Row]:
    """Yield the rows to show."""
    if len(rows) <= _MOST_ROWS:
        yield from rows
        return
    eventful = [number for number, row in enumerate(rows) if _eventful(row)]
    kept = {near for number in eventful for near in range(number - _NEAR, number + _NEAR + 1)}
    left_out: list[_Row] = []
    for number, row in enumerate(rows):
        if number not in kept:
            left_out.append(row)
            continue
        yield from _fold(left_out)
        left_out = []
        yield row
    yield from _fold(left_out)


def _fold(rows: Sequence[_Row]) -> Iterator[_Row]:
    if len(rows) == 1:
        yield rows[0]
    elif rows:
        yield _Fold(rows[0].at, len(rows))


def _path(path: str) -> str:
    """Return a path that fits: its own end tells objects apart, of a query the beginning is enough."""
    place, mark, query = path.partition("?")
    shown = shortened(place, _LONGEST_PATH - (16 if query else 0))
    return f"{shown}{mark}{query if len(query) <= 15 else query[:14] + '…'}"


def _service(one: Seen) -> str:
    return "did not answer" if one.upstream is None else str(one.upstream)


def _client(one: Seen) -> str:
    return str(one.client) if _eventful(one) else "the same"


def _text(row: _Row, first: float) -> list[str]:
    at = f"{row.at - first:8.3f} s"
    match row:
        case Event():
            return [at, f"▸ {row.says}"]
        case _Fold():
            return [at, f"… {_count(row.count, 'exchange')}, answered as the service said"]
    request = f"#{row.number} {row.method} {_path(row.path)}"
    fault = f"⚡ {row.fault}" if row.fault else ""
    return [at, request, f"service {_service(row)}", f"client {_client(row)}", fault]


def _html(row: _Row, first: float, span: float) -> str:
    at = f'<td class="lb-number">{row.at - first:.3f}</td>'
    if isinstance(row, Event):
        mark = _bar(row.at - first, 0, span, "currentColor")
        return f'<tr>{at}<td>{mark}</td><td></td><td colspan="4"><b>▸ {escape(row.says)}</b></td></tr>'
    if isinstance(row, _Fold):
        says = f"… {_count(row.count, 'exchange')}, answered as the service said"
        return f'<tr class="lb-quiet">{at}<td colspan="2"></td><td colspan="4">{says}</td></tr>'
    bad = ' class="lb-bad"' if row.client != row.upstream else ""
    cells = (
        f"<td>{_bar(row.at - first, row.seconds, span, 'var(--lb-bad)' if row.fault else 'var(--lb-one)')}</td>",
        f'<td class="lb-quiet lb-number">#{row.number}</td>',
        f'<td title="{escape(row.path)}"><code>{escape(row.method)} {escape(_path(row.path))}</code></td>',
        f"<td>{_service(row)}</td><td{bad}>{escape(_client(row))}</td>",
        f'<td class="lb-bad lb-wraps">{"⚡ " + escape(row.fault) if row.fault else ""}</td>',
    )
    return f"<tr>{at}{''.join(cells)}</tr>"


def _bar(at: float, seconds: float, span: float, colour: str) -> str:
    left, width = 100 * at / span, 100 * seconds / span
    place = f"position:absolute; top:0; bottom:0; left:min({left:.1f}%, 100% - 2px); width:max({width:.1f}%, 2px)"
    return f'<div style="{_BAR}"><div style="{place}; background:{colour}"></div></div>'
