"""What a client sends to make a view and to replace its query."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyiceberg.schema import Schema

    from lakebook.lake.rest import Levels

_DIALECT = "spark"


def new(query: str, schema: Schema, namespace: Levels) -> dict[str, Any]:
    """Return the body of createView, but for the name: a query whose rows have a schema."""
    fields = schema.model_dump(mode="json", by_alias=True)
    return {"schema": {**fields, "schema-id": 0}, "view-version": _version(query, 1, namespace), "properties": {}}


def replacement(query: str, number: int, namespace: Levels) -> list[dict[str, Any]]:
    """Return the updates of replaceView that make a query, with rows of the same schema, the current one."""
    return [
        {"action": "add-view-version", "view-version": _version(query, number, namespace)},
        {"action": "set-current-view-version", "view-version-id": -1},
    ]


def still(uuid: str) -> list[dict[str, Any]]:
    """Return the requirement that the view is the one of this uuid."""
    return [{"type": "assert-view-uuid", "uuid": uuid}]


def _version(query: str, number: int, namespace: Levels) -> dict[str, Any]:
    return {
        "version-id": number,
        "schema-id": 0,
        "timestamp-ms": int(time.time() * 1000),
        "summary": {"engine-name": "lakebook"},
        "representations": [{"type": "sql", "sql": query, "dialect": _DIALECT}],
        "default-namespace": [*namespace],
    }
