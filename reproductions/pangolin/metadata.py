"""Pangolin 0.6.0 gives table metadata that engines refuse: a schema without `type`, `properties` that are null.

    python reproductions/pangolin/metadata.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Captured from Pangolin 0.6.0, 2026-11-26:

    schema: no type; properties: null
    identifier field asked for: [1], given: []; required field asked for, given: optional

Spark 4.1.4 with Iceberg 1.12.0 says "Cannot parse type from json", Sail 0.7.2 "unknown error: status code 200 OK";
PyIceberg 0.12.0 reads it. Source: Iceberg specification, appendix C: a schema is a struct, and has its `type`.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from uuid import uuid4

FIELD = {"id": 1, "name": "id", "type": "long", "required": True}
SCHEMA = {"type": "struct", "schema-id": 0, "identifier-field-ids": [1], "fields": [FIELD]}


def ask(address: str, token: str, method: str, path: str, body: object = None) -> object:
    """Return the body of the answer to a request."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address.rstrip('/')}{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def main(address: str, token: str) -> int:
    """Make a table, load it, print what its metadata have; return 1 where they are not as the specification says."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, token, "POST", f"/namespaces/{namespace}/tables", {"name": "t", "schema": SCHEMA})
    loaded = ask(address, token, "GET", f"/namespaces/{namespace}/tables/t")
    ask(address, token, "DELETE", f"/namespaces/{namespace}/tables/t")
    ask(address, token, "DELETE", f"/namespaces/{namespace}")
    metadata = loaded["metadata"]
    (schema,) = metadata["schemas"]
    required = "required" if schema["fields"][0]["required"] else "optional"
    sys.stdout.write(
        f"schema: {schema.get('type', 'no type')}; properties: {json.dumps(metadata['properties'])}\n"
        f"identifier field asked for: [1], given: {schema['identifier-field-ids']}; "
        f"required field asked for, given: {required}\n"
    )
    return int(schema.get("type") != "struct" or metadata["properties"] is None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
