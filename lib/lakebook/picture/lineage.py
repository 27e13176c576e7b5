"""Snapshot lineage: which snapshot came from which, what each did, under which schema, and what points at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from lakebook.picture.frame import columns, framed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.panel import Shown

_MOST = 40  # of more, the newest
_MAIN = "main"
_COLOURS = {"append": "--lb-one", "replace": "--lb-three", "overwrite": "--lb-four", "delete": "--lb-bad"}
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _TOP = 148, 74, 188, 122, 24  # a box, the next one, the first one; pixels


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot. `at` is in milliseconds since 1970; `rows`: those of the table then, where it is said."""

    id: int
    parent: int | None
    at: int
    operation: str
    added_rows: int = 0
    deleted_rows: int = 0
    rows: int | None = None
    schema: int | None = None

    @property
    def change(self) -> str:
        """What it did to the rows."""
        added = f"+{self.added_rows:,}" if self.added_rows or not self.deleted_rows else ""
        deleted = f"-{self.deleted_rows:,}" if self.deleted_rows else ""
        return " ".join(filter(None, [added, deleted, "rows"]))

    @property
    def total(self) -> str:
        """How many rows the table had then."""
        return "" if self.rows is None else f"{self.rows:,} in all"

    @property
    def time(self) -> str:
        """The time of day in UTC, to the millisecond."""
        return datetime.fromtimestamp(self.at / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]


def lineage(snapshots: Sequence[Snapshot], refs: Mapping[str, int]) -> Shown:
    """Return a picture of snapshots in the order of time, parents joined to children, a lane for each branch.

    `refs` are the snapshots that branches and tags point at, by name. What no branch reaches any more lies below.
    """
    if not snapshots:
        return framed("lineage: the table has no snapshot", "", "")
    newest = sorted(snapshots, key=lambda one: one.at)[-_MOST:]
    left_out = len(snapshots) - len(newest)
    whole = f"{len(snapshots):,} snapshot{'' if len(snapshots) == 1 else 's'}"
    title = f"lineage: {f'the newest {len(newest)} of ' if left_out else ''}{whole}, oldest first; times in UTC"
    names = {one.id: sorted(name for name, to in refs.items() if to == one.id) for one in newest}
    return framed(title, _svg(newest, names, _lanes(newest, refs)), _text(newest, names))


def _lanes(snapshots: Sequence[Snapshot], refs: Mapping[str, int]) -> dict[int, int]:
    """Return the lane of each snapshot: 0 for the main branch and its ancestors."""
    parents = {one.id: one.parent for one in snapshots}
    tips = [refs[name] for name in sorted(refs, key=lambda name: (name != _MAIN, name))]
    tips += [one.id for one in reversed(snapshots)]
    lanes: dict[int, int] = {}
    for tip in tips:
        lane = max(lanes.values(), default=-1) + 1
        at: int | None = tip
        while at in parents and at not in lanes:
            lanes[at] = lane
            at = parents[at]
    return lanes


def _svg(snapshots: Sequence[Snapshot], names: Mapping[int, Sequence[str]], lanes: Mapping[int, int]) -> str:
    places = {one.id: (number * _ACROSS + 34, lanes[one.id] * _DOWN + _TOP) for number, one in enumerate(snapshots)}
    schemas = {one.id: one.schema for one in snapshots}
    drawn = []
    for one in snapshots:
        x, y = places[one.id]
        new = one.parent in schemas and schemas[one.parent] != one.schema
        drawn += [_edge(one.parent, places, x, y), _box(one, x, y, names[one.id], new_schema=new)]
    width = len(snapshots) * _ACROSS + 8
    height = (max(lanes.values()) + 1) * _DOWN
    says = escape(f"{len(snapshots)} snapshots; the text form of this picture lists them")
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg {size} role="img" aria-label="{says}">{"".join(drawn)}</svg>'


def _edge(parent: int | None, places: Mapping[int, tuple[int, int]], x: int, y: int) -> str:
    """Return the line from a parent; a short dashed one where it is not shown, or expired; none from the first."""
    middle = y + _HEIGHT // 2
    line = 'fill="none" stroke="currentColor" stroke-opacity=".55" stroke-width="1.5"'
    if parent is None:
        return ""
    if parent not in places:
        return f'<path d="M{x - 28} {middle}H{x}" {line} stroke-dasharray="3 3"/>'
    from_x, from_y = places[parent][0] + _WIDTH, places[parent][1] + _HEIGHT // 2
    turn = from_x + (_ACROSS - _WIDTH) // 2
    arrow = f"M{x - 6} {middle - 4}L{x} {middle}L{x - 6} {middle + 4}"
    return f'<path d="M{from_x} {from_y}H{turn}V{middle}H{x}{arrow}" {line}/>'


def _box(one: Snapshot, x: int, y: int, names: Sequence[str], *, new_schema: bool) -> str:
    colour = f"var({_COLOURS.get(one.operation, '--lb-quiet')})"
    schema = "" if one.schema is None else f"{'new ' if new_schema else ''}schema {one.schema}"
    lines = (one.operation or "no summary", one.change, one.total, schema)
    styles = (f'font-weight="600" style="fill:{colour}"', "", "", 'font-weight="600"' if new_schema else "")
    texts = "".join(
        f'<text x="{x + 10}" y="{y + 17 + 16 * number}" {style}>{escape(line)}</text>'
        for number, (line, style) in enumerate(zip(lines, styles, strict=True))
        if line
    )
    return (
        f"<g><title>snapshot {one.id}, parent {one.parent or 'none'}</title>"
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="none" style="stroke:{colour}"/>{texts}'
        f'<text x="{x}" y="{y - 7}" font-weight="600">{escape(", ".join(names))}</text>'
        f'<text x="{x}" y="{y + _HEIGHT + 15}" fill-opacity=".7">{one.time} · …{one.id % 10**6:06}</text></g>'
    )


def _text(snapshots: Sequence[Snapshot], names: Mapping[int, Sequence[str]]) -> str:
    rows = [("at", "snapshot", "parent", "operation", "rows", "", "schema", "branches")]
    rows += [
        (
            one.time,
            str(one.id),
            "–" if one.parent is None else str(one.parent),
            one.operation,
            one.change,
            one.total,
            "" if one.schema is None else str(one.schema),
            ", ".join(names[one.id]),
        )
        for one in snapshots
    ]
    return columns(rows)
