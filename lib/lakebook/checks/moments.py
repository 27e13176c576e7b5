"""Deciders about time travel: what was current at a moment, and that there is nothing before the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.checks.plain import holds
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lakebook.lake.moments import Seen


def shows_what_was_current(
    seen: Sequence[Seen], moments: Sequence[datetime], versions: Sequence[Sequence[int]]
) -> Decision:
    """Hold where a table shows at each moment the rows of the last version that had become current by then.

    `moments` are when each of the `versions` did, oldest first: a version is the ids of its rows. A history that has
    not as many moments as there were versions is not kept. Less than two versions that differ leave it undecided.
    """
    if len(moments) != len(versions):
        expected, got = f"{len(versions)} moments", f"{len(moments)}: {', '.join(map(_name, moments))}"
        return Decision(False, expected, got, todo="look at the snapshot-log in the table's metadata")
    return _compared(seen, moments, versions)


def _compared(seen: Sequence[Seen], moments: Sequence[datetime], versions: Sequence[Sequence[int]]) -> Decision:
    expected = {_name(one.at): _rows(_at(one.at, moments, versions)) for one in seen}
    got = {_name(one.at): one.refusal or _rows(one.ids) for one in seen}
    alike = all(not one.refusal and sorted(one.ids) == sorted(_at(one.at, moments, versions)) for one in seen)
    decidable = len({tuple(one) for one in versions}) > 1 and seen
    todo = "compare the moments with the snapshot-log in the table's metadata"
    return Decision(alike if decidable else None, expected, got, todo=todo)


def refused_before_all(seen: Seen, moments: Sequence[datetime]) -> Decision:
    """Hold where the engine refuses to show a table at a moment at which it had no snapshot yet, or shows no row."""
    return holds(
        seen.at < min(moments) and not seen.ids,
        expected="a refusal, or no row",
        got=seen.refusal or _rows(seen.ids),
        where=_name(seen.at),
        todo="the oldest snapshot is no answer for a time when it was not there",
    )


def _at(at: datetime, moments: Sequence[datetime], versions: Sequence[Sequence[int]]) -> Sequence[int]:
    current = [version for moment, version in zip(moments, versions, strict=False) if moment <= at]
    return current[-1] if current else ()


def _name(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _rows(ids: Sequence[int]) -> str:
    return f"{len(ids)} rows, ids {min(ids)} to {max(ids)}" if ids else "no row"
