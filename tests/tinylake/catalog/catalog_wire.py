"""Bodies as clients send them, and what a refusal must look like."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

SCHEMA = {"type": "struct", "fields": [{"id": 1, "name": "id", "type": "long", "required": False}]}
DELEGATED = {"X-Iceberg-Access-Delegation": "vended-credentials"}


def create(client: httpx.Client, namespace: str, name: str = "orders", **more: Any) -> dict[str, Any]:
    """A new table's LoadTableResult."""
    headers = more.pop("headers", None)
    body = {"name": name, "schema": SCHEMA, **more}
    response = client.post(f"/namespaces/{namespace}/tables", json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def commit(
    client: httpx.Client, namespace: str, name: str, updates: list[Any], requirements: list[Any] | None = None
) -> httpx.Response:
    """The answer to a commit."""
    body = {"requirements": requirements or [], "updates": updates}
    return client.post(f"/namespaces/{namespace}/tables/{name}", json=body)


def set_properties(**properties: str) -> list[dict[str, Any]]:
    return [{"action": "set-properties", "updates": properties}]


def snapshot(snapshot_id: int, sequence_number: int, parent: int | None = None) -> list[dict[str, Any]]:
    """Updates that add a snapshot and move main to it."""
    added = {
        "snapshot-id": snapshot_id,
        "sequence-number": sequence_number,
        "timestamp-ms": int(time.time() * 1000),
        "manifest-list": f"s3://lake-bucket/nowhere/{snapshot_id}.avro",
        "summary": {"operation": "append"},
        "schema-id": 0,
        **({"parent-snapshot-id": parent} if parent else {}),
    }
    moved = {"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": snapshot_id}
    return [{"action": "add-snapshot", "snapshot": added}, moved]


def main_is(snapshot_id: int | None) -> list[dict[str, Any]]:
    """The requirement that main has not moved."""
    return [{"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": snapshot_id}]


def refused(response: httpx.Response, status: int, kind: str) -> str:
    """The message of an Iceberg error body, after its status and type were checked."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert (error["code"], error["type"]) == (status, kind)
    return str(error["message"])
