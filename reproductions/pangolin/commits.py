"""Pangolin 0.6.0 takes commits that break a table, refuses ones that are due, and forgets what it should log.

    python reproductions/pangolin/commits.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Captured from Pangolin 0.6.0, 2026-11-27:

    a column whose type is a list: 400, due 200
    last-column-id with a field 9 inside of a struct: 3, due 9
    a snapshot made the current one again: the last entry of the log is not it
    a second column of the same name: 200, due 400

Source: Iceberg specification, appendix C (a list has `element-id`), table metadata (`last-column-id`, `snapshot-log`).
"""

from __future__ import annotations

import sys
from uuid import uuid4

from answers import SCHEMA, ask

LIST = {"type": "list", "element-id": 3, "element": "long", "element-required": False}
INNER = {"id": 9, "name": "label", "type": "string", "required": False}


def added(number: int, *columns: dict) -> list[dict]:
    """Return the updates that add columns, and make that schema the current one."""
    schema = {**SCHEMA, "schema-id": number, "identifier-field-ids": [], "fields": [*SCHEMA["fields"], *columns]}
    return [{"action": "add-schema", "schema": schema}, {"action": "set-current-schema", "schema-id": number}]


def snapshot(number: int) -> list[dict]:
    """Return the updates that add a snapshot, and make it the current one."""
    made = {
        "snapshot-id": number,
        "sequence-number": number,
        "timestamp-ms": 1_800_000_000_000 + number,
        "manifest-list": f"s3://nowhere/{number}.avro",
        "summary": {"operation": "append"},
        "schema-id": 0,
    }
    return [{"action": "add-snapshot", "snapshot": made}, *current(number)]


def current(number: int) -> list[dict]:
    """Return the update that makes a snapshot the current one."""
    return [{"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": number}]


def main(address: str, token: str) -> int:
    """Commit to a table of its own; print what came of it beside what is due; return 1 where they differ."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"/namespaces/{namespace}/tables"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, token, "POST", tables, {"name": "t", "schema": SCHEMA, "properties": {}})

    def commit(updates: list[dict]) -> tuple[int, dict]:
        status, body = ask(address, token, "POST", f"{tables}/t", {"requirements": [], "updates": updates})
        return status, (body or {}).get("metadata") or {}

    column = {"id": 2, "name": "tags", "type": LIST, "required": False}
    listed, _ = commit(added(1, column))
    inside = {**column, "id": 3, "name": "part", "type": {"type": "struct", "fields": [INNER]}}
    _, deep = commit(added(2, inside))
    for updates in (snapshot(1), snapshot(2), current(1)):
        _, rolled_back = commit(updates)
    last = rolled_back["snapshot-log"][-1]["snapshot-id"]
    twice, _ = commit(added(3, {**INNER, "name": "id"}))
    for path in (f"{tables}/t", f"/namespaces/{namespace}"):
        ask(address, token, "DELETE", path)
    sys.stdout.write(
        f"a column whose type is a list: {listed}, due 200\n"
        f"last-column-id with a field 9 inside of a struct: {deep.get('last-column-id')}, due 9\n"
        f"a snapshot made the current one again: the last entry of the log is {'' if last == 1 else 'not '}it\n"
        f"a second column of the same name: {twice}, due 400\n"
    )
    return int((listed, deep.get("last-column-id"), last, twice) != (200, 9, 1, 400))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
