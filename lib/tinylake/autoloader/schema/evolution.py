"""What a run's files mean for the table's schema, by policy. Pure: types in, a plan out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema import types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.autoloader.schema.types import Addition

IGNORE, APPEND, SYNC, FAIL = "ignore", "append_new_columns", "sync_all_columns", "fail"
POLICIES = (IGNORE, APPEND, SYNC, FAIL)


@dataclass(frozen=True, slots=True)
class Plan:
    """`accepted`: paths to load. `rejected`: path to failure. `row`: all that the accepted files bring, merged."""

    accepted: list[str]
    rejected: dict[str, Failure]
    row: pa.DataType
    additions: list[Addition] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    new_in: dict[str, list[str]] = field(default_factory=dict)


def plan(table: pa.DataType | None, files: Mapping[str, pa.DataType], policy: str) -> Plan:
    """What to load and what to change. `files` is path to row type, oldest first; `table` is None before the first.

    Failure of type schema_changed where the policy is `fail` and a file has a field that the table lacks.
    """
    merged, rejected = _merge(table, files, policy)
    accepted = [path for path in files if path not in rejected]
    if table is None:
        return Plan(accepted, rejected, merged)
    found = list(types.additions(table, merged))
    new_in = {item.name: [path for path in accepted if _has(item, table, files[path])] for item in found}
    keep = decide_additions(policy, found, new_in)
    removals = decide_removals(policy, table, files[accepted[-1]]) if accepted else []
    return Plan(accepted, rejected, merged, keep, removals, {item.name: new_in[item.name] for item in keep})


def decide_additions(policy: str, found: list[Addition], new_in: Mapping[str, list[str]]) -> list[Addition]:
    """Which of the new fields become columns."""
    if policy == FAIL and found:
        named = "; ".join(f"'{item.name}' ({types.name_of(item.type)}) in {new_in[item.name][0]}" for item in found)
        raise Failure(ErrorType.SCHEMA_CHANGED, f"on_schema_change is 'fail', and there are new fields: {named}")
    return found if policy in {APPEND, SYNC} else []


def decide_removals(policy: str, table: pa.DataType, newest: pa.DataType) -> list[str]:
    """Which top-level columns go, because the newest file lacks them."""
    if policy != SYNC:
        return []
    present = {column.name for column in newest}
    return [column.name for column in table if column.name not in present]


def _merge(
    table: pa.DataType | None, files: Mapping[str, pa.DataType], policy: str
) -> tuple[pa.DataType, dict[str, Failure]]:
    merged, rejected = pa.struct([]), {}
    for path, kind in files.items():
        row = types.common(table, kind) if table is not None and policy == IGNORE else kind
        try:
            if table is not None:
                types.check_fits(table, row)
            merged = types.merge(merged, row)
        except Failure as failure:
            rejected[path] = failure
    return merged, rejected


def _has(item: Addition, table: pa.DataType, kind: pa.DataType) -> bool:
    return any(found.path == item.path for found in types.additions(table, kind))
