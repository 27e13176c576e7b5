"""Deciders about the versions of a schema: as a service lists them, and as time travel shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import equal
from lakebook.checks.type_words import canonical
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.ingestion import Run


@dataclass(frozen=True, slots=True)
class Step:
    """What one run must have done to a schema: by which files, and what came of it.

    `columns` are the types by name after it. `changes` are those since the step before it: the type of change, the
    column, its old type and its new one; None where it had or has none.
    """

    run: Run
    files: Sequence[str]
    columns: Mapping[str, str]
    changes: Sequence[tuple[str, str, str | None, str | None]] = field(default=())


def told(versions: Sequence[Mapping[str, Any]], steps: Sequence[Step]) -> Decision:
    """Hold where a service lists exactly these steps, numbered in order: what changed, by which files, and when.

    It may list them newest first. The time of a version lies between the begin of its run and that of the next one.
    What the first version says under `changes` is its own affair: everything is new there.
    """
    versions = sorted(versions, key=_number)
    ends = [*(_moment(step.run.started_at) for step in steps[1:]), datetime.max.replace(tzinfo=UTC)]
    expected = {str(number): _expected(step, first=number == 1) for number, step in enumerate(steps, 1)}
    got: dict[str, Any] = {str(one.get("version")): _got(one, first=at == 0) for at, one in enumerate(versions)}
    for one, step, end in zip(versions, steps, ends, strict=False):
        got[str(one.get("version"))]["when"] = _when(one.get("detected_at"), step.run, end)
    decision = equal(expected, got, todo="compare with the files of each run, and with the table's own schemas")
    return (
        decision if len(steps) > 1 else Decision(None, expected, got, todo="nothing changed: there is nothing to tell")
    )


def one_by_one(versions: Sequence[Mapping[str, Any]], singly: Sequence[Any]) -> Decision:
    """Hold where each version, asked for by its number, is what the list says; and there are any."""
    same = [listed == alone for listed, alone in zip(versions, singly, strict=False)]
    return Decision(
        len(versions) == len(singly) > 0 and all(same),
        {str(one.get("version")): "as listed" for one in versions},
        {
            str(one.get("version")): "as listed" if alike else "other"
            for one, alike in zip(versions, same, strict=False)
        },
        todo="compare the list with GET of each version",
    )


def shown_at(seen: Sequence[Mapping[str, str]], expected: Sequence[Mapping[str, str]]) -> Decision:
    """Hold where time travel to each of several snapshots shows the columns of that time, with their types then."""
    decision = equal(
        {f"v{number}": dict(one) for number, one in enumerate(expected, 1)},
        {f"v{number}": dict(one) for number, one in enumerate(seen, 1)},
        todo="each snapshot names the schema it was written under: look at schema-id in the table's metadata",
    )
    different = len({tuple(sorted(one.items())) for one in expected}) > 1
    return decision if different else Decision(None, decision.expected, decision.got, todo="there is one schema only")


def _number(version: Mapping[str, Any]) -> int:
    number = version.get("version")
    return number if isinstance(number, int) else 0


def _expected(step: Step, *, first: bool) -> dict[str, Any]:
    changes = [] if first else [_line(*change) for change in step.changes]
    return {
        "changes": sorted(changes),
        "files": sorted(step.files),
        "columns": dict(sorted(step.columns.items())),
        "when": "between its run's begin and the next one's",
    }


def _got(version: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
    names = ("change_type", "column_name", "old_type", "new_type")
    changes = [] if first else [_line(*(one.get(name) for name in names)) for one in version.get("changes") or ()]
    columns = {str(one.get("name")): canonical(str(one.get("data_type"))) for one in version.get("schema") or ()}
    files = sorted(map(str, version.get("affected_files") or ()))
    return {"changes": sorted(changes), "files": files, "columns": dict(sorted(columns.items()))}


def _line(kind: str | None, column: str | None, old: str | None, new: str | None) -> str:
    return canonical(f"{kind} {column}: {old} to {new}")


def _when(detected_at: Any, run: Run, end: datetime) -> str:
    try:
        at = _moment(detected_at)
        during = _moment(run.started_at) <= at < end
    except (ValueError, TypeError):  # absent, not ISO 8601, or without its zone
        during = False
    return "between its run's begin and the next one's" if during else f"{detected_at}; its run began {run.started_at}"


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text))
