"""Deciders about commits to several tables: all of them, or none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lakebook.checks import refusals
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lakebook.lake.http import Answer
    from lakebook.lake.table import TableVersion

_TODO = "all pointers have to move in one transaction of the catalog's database"
_DONE = (200, 204)
_CONFLICT = 409


def done(answer: Answer, before: Mapping[str, TableVersion], after: Mapping[str, TableVersion]) -> Decision:
    """Hold where a commit to several tables was taken, and each of them has one snapshot more, on its old ones."""
    expected: dict[str, Any] = {"answer": "taken", **dict.fromkeys(before, "one snapshot more")}
    got = {"answer": _taken(answer), **{name: _step(before[name], after[name]) for name in before}}
    return Decision(expected == got if len(before) > 1 else None, expected, got, answer.request, _TODO)


def not_done(
    answer: Answer, before: Mapping[str, TableVersion], after: Mapping[str, TableVersion], *, status: int
) -> Decision:
    """Hold where a commit to several tables was refused with a status and an Iceberg error body, and none changed."""
    expected: dict[str, Any] = {"answer": refusals.wanted(status), **dict.fromkeys(before, "as it was")}
    got = {"answer": refusals.said(answer), **{name: _step(before[name], after[name]) for name in before}}
    return Decision(expected == got if len(before) > 1 else None, expected, got, answer.request, _TODO)


def one_won(answers: Mapping[str, Answer], holders: Mapping[str, Collection[str]]) -> Decision:
    """Hold where of several commits at the same moment to the same tables one was taken, and every table has it alone.

    `holders` says for each table whose rows are in it. Those who lost must be told 409: then they know that nothing of
    theirs is there.
    """
    told = {name: _taken(answer) for name, answer in answers.items()}
    winners = [name for name, what in told.items() if what == "taken"]
    lost = Counter(what for what in told.values() if what != "taken")
    expected = {
        "taken": 1,
        "lost": {refusals.wanted(_CONFLICT): len(answers) - 1},
        "rows in each table of": dict.fromkeys(holders, winners[:1] or "the winner"),
    }
    got = {
        "taken": len(winners),
        "lost": dict(lost),
        "rows in each table of": {table: sorted(who) for table, who in holders.items()},
    }
    decidable = len(answers) > 1 and len(holders) > 1
    return Decision(expected == got if decidable else None, expected, got, todo=_TODO)


def _taken(answer: Answer) -> str:
    return "taken" if answer.status in _DONE else refusals.said(answer)


def _step(before: TableVersion, after: TableVersion) -> str:
    if before == after:
        return "as it was"
    if before.uuid != after.uuid:
        return "another table"
    more = len(after.lineage) - len(before.lineage)
    if after.lineage[more:] != before.lineage:
        return "another history"
    return {1: "one snapshot more"}.get(more, f"{more} snapshots more")
