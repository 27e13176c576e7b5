"""Nessie 0.99.0 answers 500 to a schema that is added without `last-column-id`, which the specification deprecates.

    python reproductions/nessie/add_column.py http://127.0.0.1:19120/iceberg

Any Iceberg REST catalog's address will do. PyIceberg 0.11 and later send exactly this where a column is added.
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
    request = urllib.request.Request(  # noqa: S310 - an address that the caller gives
        f"{address.rstrip('/')}{path}", data, {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
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
    """Add a column without and with `last-column-id`; print the answers; return 1 where the first is no 200."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"{home(address)}/namespaces/{namespace}/tables"
    ask(address, "POST", f"{home(address)}/namespaces", {"namespace": [namespace]})
    table = {"name": "t", "schema": schema(0, *FIELDS), "partition-spec": {"spec-id": 0, "fields": []}}
    status, made = ask(address, "POST", tables, {**table, "write-order": {"order-id": 0, "fields": []}})
    sys.stdout.write(f"create the table: {status}\n")
    statuses = []
    for more in ({}, {"last-column-id": 2}):
        added = {"action": "add-schema", "schema": schema(1, *FIELDS, ADDED), **more}
        updates = [added, {"action": "set-current-schema", "schema-id": -1}]
        status, answer = ask(address, "POST", f"{tables}/t", {"requirements": [], "updates": updates})
        said = "" if status == 200 else f" {json.dumps(answer)[:300]}"
        sys.stdout.write(f"add-schema with {more or 'no last-column-id'}: {status}{said}\n")
        statuses.append(status)
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{home(address)}/namespaces/{namespace}")
    return int(statuses[0] != 200)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
