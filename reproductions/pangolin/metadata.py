"""Pangolin 0.6.0 makes another table than it is asked for, and gives metadata that engines refuse.

    python reproductions/pangolin/metadata.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Captured from Pangolin 0.6.0, 2026-11-27:

    schema: no type; properties: null
    asked for: id: long, required; count: int; tags: list; given: id: long; count: long
    identifier fields asked for: [1], given: []; partition fields asked for: 1, given: 0

Spark 4.1.4 with Iceberg 1.12.0 says "Cannot parse type from json", Sail 0.7.2 "unknown error: status code 200 OK";
PyIceberg 0.12.0 reads it, unless the properties are null. Source: Iceberg specification, appendix C: a schema is a
struct, and has its `type`; REST specification, createTable.
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

from answers import ask

TAGS = {"type": "list", "element-id": 4, "element": "string", "element-required": False}
FIELDS = [
    {"id": 1, "name": "id", "type": "long", "required": True},
    {"id": 2, "name": "count", "type": "int", "required": False},
    {"id": 3, "name": "tags", "type": TAGS, "required": False},
]
SCHEMA = {"type": "struct", "schema-id": 0, "identifier-field-ids": [1], "fields": FIELDS}
SPEC = {"spec-id": 0, "fields": [{"source-id": 1, "field-id": 1000, "name": "id", "transform": "identity"}]}


def shown(schema: dict) -> str:
    """Return the columns of a schema."""
    columns = []
    for field in schema["fields"]:
        kind = field["type"] if isinstance(field["type"], str) else field["type"]["type"]
        columns.append(f"{field['name']}: {kind}{', required' if field['required'] else ''}")
    return "; ".join(columns)


def main(address: str, token: str) -> int:
    """Make a table, load it, print what its metadata have; return 1 where they are not as the specification says."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    table = f"/namespaces/{namespace}/tables/t"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    asked = {"name": "t", "schema": SCHEMA, "partition-spec": SPEC}
    ask(address, token, "POST", f"/namespaces/{namespace}/tables", asked)
    metadata = ask(address, token, "GET", table)[1]["metadata"]
    for path in (table, f"/namespaces/{namespace}"):
        ask(address, token, "DELETE", path)
    (schema,), (spec,) = metadata["schemas"], metadata["partition-specs"]
    sys.stdout.write(
        f"schema: {schema.get('type', 'no type')}; properties: {json.dumps(metadata['properties'])}\n"
        f"asked for: {shown(SCHEMA)}; given: {shown(schema)}\n"
        f"identifier fields asked for: [1], given: {schema['identifier-field-ids']}; "
        f"partition fields asked for: 1, given: {len(spec['fields'])}\n"
    )
    return int(schema.get("type") != "struct" or shown(schema) != shown(SCHEMA) or not spec["fields"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
