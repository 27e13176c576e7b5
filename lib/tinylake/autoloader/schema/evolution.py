"""What a run's files mean for the table's schema, by policy. Pure: types in, a plan out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema import types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.autoloader.schema.types import Addition, Widening

IGNORE, APPEND, SYNC, FAIL = "ignore", "append_new_columns", "sync_all_columns", "fail"
POLICIES = (IGNORE, APPEND, SYNC, FAIL)


@dataclass(frozen=True, slots=True)
class Plan:
    """`accepted`: paths to load. `rejected`: path to failure. `row`: all that the accepted files bring, merged.

    `changed_by`: for each change of the schema, by the field's name, the files that bring it.
    """

    accepted: list[str]
    rejected: dict[str, Failure]
    row: pa.DataType
    additions: list[Addition] = field(default_factory=list)
    widenings: list[Widening] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    changed_by: dict[str, list[str]] = field(default_factory=dict)


def plan(table: pa.DataType | None, files: Mapping[str, pa.DataType], policy: str) -> Plan:
    """What to load and what to change. `files` is path to row type, oldest first; `table` is None before the first.

    Failure of type schema_changed where the policy is `fail`, and a file has a field or a wider type that the table
    lacks.
    """
    rows, merged, rejected = _fit(table, files, policy)
    if table is None or not rows:
        return Plan(list(rows), rejected, merged)
    found: list[Addition | Widening] = [*types.additions(table, merged), *types.widenings(table, merged)]
    by = {item.name: [path for path, row in rows.items() if _has(item, table, row)] for item in found}
    keep = decide_changes(policy, found, by)
    newest = list(rows)[-1]
    removals = decide_removals(policy, table, files[newest])
    return Plan(
        list(rows),
        rejected,
        merged,
        [item for item in keep if isinstance(item, types.Addition)],
        [item for item in keep if isinstance(item, types.Widening)],
        removals,
        {item.name: by[item.name] for item in keep} | {name: [newest] for name in removals},
    )


def decide_changes(
    policy: str, found: list[Addition | Widening], by: Mapping[str, list[str]]
) -> list[Addition | Widening]:
    """Which of the new fields become columns, and which columns are widened."""
    if policy == FAIL and found:
        named = "; ".join(f"{_described(item)} in {by[item.name][0]}" for item in found)
        message = f"on_schema_change is 'fail', and there are new fields or wider types: {named}"
        raise Failure(ErrorType.SCHEMA_CHANGED, message)
    return found if policy in {APPEND, SYNC} else []


def decide_removals(policy: str, table: pa.DataType, newest: pa.DataType) -> list[str]:
    """Which top-level columns go, because the newest file lacks them."""
    if policy != SYNC:
        return []
    present = {column.name for column in newest}
    return [column.name for column in table if column.name not in present]


def may_widen(policy: str) -> bool:
    """Whether a wider type is the policy's to decide; under `ignore` such a file is in conflict with the table."""
    return policy != IGNORE


def _fit(
    table: pa.DataType | None, files: Mapping[str, pa.DataType], policy: str
) -> tuple[dict[str, pa.DataType], pa.DataType, dict[str, Failure]]:
    """What each file that fits brings, and all of them together; and why the others do not fit."""
    rows, merged, rejected = {}, pa.struct([]), {}
    for path, kind in files.items():
        try:
            row = _row(table, kind, policy)
            merged = types.merge(merged, row)
        except Failure as failure:
            rejected[path] = failure
        else:
            rows[path] = row
    return rows, merged, rejected


def _row(table: pa.DataType | None, kind: pa.DataType, policy: str) -> pa.DataType:
    known = types.common(table, kind) if table is not None and policy == IGNORE else kind
    row = known if table is None else types.fitted(table, known, widen=may_widen(policy))
    types.check_storable(row)
    return row


def _described(item: Addition | Widening) -> str:
    if isinstance(item, types.Addition):
        return f"'{item.name}' ({types.name_of(item.type)})"
    return f"'{item.name}' ({types.name_of(item.old)} to {types.name_of(item.new)})"


def _has(item: Addition | Widening, table: pa.DataType, row: pa.DataType) -> bool:
    changes = types.additions if isinstance(item, types.Addition) else types.widenings
    return any(found.path == item.path for found in changes(table, row))
