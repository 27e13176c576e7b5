"""The Iceberg project's REST fixture 1.11.0 answers 500 to a schema with two columns of one name, and no error body.

    python reproductions/rest-fixture/two_columns.py http://127.0.0.1:8181

Captured from 1.11.0, 2026-11-27: 500, an HTML page with "Invalid schema: multiple fields for name id: 1 and 2". Source:
Iceberg REST specification, updateTable: a bad request is answered with 400 and an IcebergErrorResponse.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from uuid import uuid4


def ask(address: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    """Return status and body of the answer to a request below the version: what JSON says, else the text."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{address.rstrip('/')}/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        said = error.read().decode()
        return error.code, json.loads(said) if said.startswith("{") else said


def schema(number: int, *names: str) -> dict[str, object]:
    """Return a schema of numbers under these names."""
    fields = [{"id": at, "name": name, "type": "long", "required": False} for at, name in enumerate(names, start=1)]
    return {"type": "struct", "schema-id": number, "fields": fields}


def main(address: str) -> int:
    """Add such a schema to a table; print the answer; return 1 where it is no 400."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    ask(address, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, "POST", f"/namespaces/{namespace}/tables", {"name": "t", "schema": schema(0, "id")})
    updates = [{"action": "add-schema", "schema": schema(1, "id", "id"), "last-column-id": 2}]
    body = {"requirements": [], "updates": updates}
    status, said = ask(address, "POST", f"/namespaces/{namespace}/tables/t", body)
    sys.stdout.write(f"{status}, due 400: {json.dumps(said)}\n")
    ask(address, "DELETE", f"/namespaces/{namespace}/tables/t")
    ask(address, "DELETE", f"/namespaces/{namespace}")
    return int(status != 400)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
