"""Deciders about tables in a catalog: made as they were asked for, and gone when they were dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.http import Answer


def as_asked(told: Mapping[str, Answer], asked: Mapping[str, Any]) -> Decision:
    """Hold where each answer shows the table that was asked for, and all of them the same one.

    `told` are the answers of createTable and loadTable, `asked` the body of the first. The catalog chooses field ids,
    and may add properties. Source: Iceberg REST specification, CreateTableRequest and LoadTableResult.
    """
    wanted = {
        **_parts(asked, asked.get("schema"), asked.get("partition-spec"), asked.get("write-order")),
        "uuid": "one",
    }
    shown = {what: _shown(answer, asked) for what, answer in told.items()}
    uuids = {str(one.pop("uuid", None) or "") for one in shown.values()}
    expected = dict.fromkeys(told, wanted)
    got = {
        what: {**one, "uuid": "one" if len(uuids) == 1 and all(uuids) else "another, or none"}
        for what, one in shown.items()
    }
    todo = "what is lost when a table is made nobody misses before the first wrong file"
    return Decision(expected == got if told else None, expected, got, todo=todo)


def purged(files: int, left: Sequence[str], kept: Sequence[str], others: Sequence[str]) -> Decision:
    """Hold where a purged table has no file left, and its neighbour still all.

    It had `files`; `others` were the neighbour's beforehand, `kept` are those afterwards. Where one of them had none,
    nothing is decided.
    """
    expected = {"its files": 0, "its neighbour's": len(others)}
    got = {"its files": list(left) or 0, "its neighbour's": len(set(kept) & set(others))}
    todo = "a purge removes what lies below the table's location, and not what begins like it"
    return Decision(expected == got if files and others else None, expected, got, todo=todo)


def _shown(answer: Answer, asked: Mapping[str, Any]) -> dict[str, Any]:
    body = answer.body if isinstance(answer.body, dict) else {}
    metadata = body.get("metadata")
    if answer.status != 200 or not isinstance(metadata, dict):
        return {"answer": f"{answer.status} {body!r:.200}"}
    parts = _parts(
        metadata,
        _current(metadata, "schemas", "schema-id", "current-schema-id"),
        _current(metadata, "partition-specs", "spec-id", "default-spec-id"),
        _current(metadata, "sort-orders", "order-id", "default-sort-order-id"),
    )
    wanted = asked.get("properties") or {}
    kept = {name: value for name, value in parts["properties"].items() if name in wanted}
    return {**parts, "properties": kept, "uuid": metadata.get("table-uuid")}


def _current(metadata: Mapping[str, Any], several: str, key: str, current: str) -> Any:
    return next((one for one in metadata.get(several) or () if one.get(key) == metadata.get(current)), None)


def _parts(holder: Mapping[str, Any], schema: Any, spec: Any, order: Any) -> dict[str, Any]:
    columns = {one["id"]: one["name"] for one in _fields(schema)}
    return {
        "columns": [f"{one['name']}: {one['type']}{', required' * one['required']}" for one in _fields(schema)],
        "partitioned by": [f"{one['transform']}({columns.get(one['source-id'])})" for one in _fields(spec)],
        "ordered by": [
            f"{columns.get(one['source-id'])} {one['direction']} {one['null-order']}" for one in _fields(order)
        ],
        "properties": dict(holder.get("properties") or {}),
    }


def _fields(part: Any) -> list[dict[str, Any]]:
    return list(part.get("fields") or ()) if isinstance(part, dict) else []
