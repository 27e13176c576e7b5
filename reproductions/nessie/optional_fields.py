"""Nessie 0.99.0 answers 500 where a request leaves out a field that the REST specification does not require.

    python reproductions/nessie/optional_fields.py http://127.0.0.1:19120/iceberg

Any Iceberg REST catalog's address will do. Captured from Nessie 0.99.0, 2026-11-26:

    createTable without stage-create: 500 {"error": {"message": "HTTP 400 Bad Request", "type":
    "WebApplicationException", "code": 500}}
    createTable with {'stage-create': False}: 200
    add-schema without last-column-id: 500, with the same body
    add-schema with {'last-column-id': 2}: 200

The second is what PyIceberg sends where a column is added, for the field is deprecated:
https://github.com/projectnessie/nessie/issues/11341, mended in 0.105.3.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from uuid import uuid4

FIELDS = [{"id": 1, "name": "id", "type": "long", "required": False}]
ADDED = {"id": 2, "name": "note", "type": "string", "required": False}


def ask(address: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    """Return status and body of the answer to a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{address.rstrip('/')}{path}", data, {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def home(address: str) -> str:
    """Return the beginning of the catalog's paths, with its prefix."""
    _, told = ask(address, "GET", "/v1/config")
    prefix = {**told["defaults"], **told["overrides"]}.get("prefix")
    return f"/v1/{prefix}" if prefix else "/v1"


def schema(identifier: int, *fields: object) -> dict[str, object]:
    """Return a schema as the REST protocol writes it."""
    return {"type": "struct", "schema-id": identifier, "fields": list(fields)}


def main(address: str) -> int:
    """Make a table, add a column, without and with the optional fields; print the answers; return 1 for a refusal."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"{home(address)}/namespaces/{namespace}/tables"
    ask(address, "POST", f"{home(address)}/namespaces", {"namespace": [namespace]})
    statuses = [create(address, tables, "bare"), create(address, tables, "t", **{"stage-create": False})]
    statuses += [add_column(address, tables), add_column(address, tables, **{"last-column-id": 2})]
    for name in ("bare", "t"):
        ask(address, "DELETE", f"{tables}/{name}")
    ask(address, "DELETE", f"{home(address)}/namespaces/{namespace}")
    return int(set(statuses) != {200})


def create(address: str, tables: str, name: str, **more: object) -> int:
    """Create a table; print and return the status."""
    status, said = ask(address, "POST", tables, {"name": name, "schema": schema(0, *FIELDS), **more})
    return tell(f"createTable {f'with {more}' if more else 'without stage-create'}", status, said)


def add_column(address: str, tables: str, **more: object) -> int:
    """Add a schema with one column more; print and return the status."""
    added = {"action": "add-schema", "schema": schema(1, *FIELDS, ADDED), **more}
    updates = [added, {"action": "set-current-schema", "schema-id": -1}]
    status, said = ask(address, "POST", f"{tables}/t", {"requirements": [], "updates": updates})
    return tell(f"add-schema {f'with {more}' if more else 'without last-column-id'}", status, said)


def tell(what: str, status: int, said: object) -> int:
    """Print what was answered; return the status."""
    sys.stdout.write(f"{what}: {status}{'' if status == 200 else f' {json.dumps(said)[:300]}'}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
