"""Pangolin 0.6.0 answers otherwise than the REST specification says, where a request cannot be done, or has no route.

    python reproductions/pangolin/answers.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Captured from Pangolin 0.6.0, its metadata in
memory, 2026-11-27; behind each stands what the specification says:

    load a namespace: 405, due 200
    a namespace again: 200, due 409 AlreadyExistsException
    a property set and removed: 200, due 422
    tables in no namespace: 200, due 404 NoSuchNamespaceException
    a table in no namespace: 200, due 404 NoSuchNamespaceException
    a table again: 200, due 409 AlreadyExistsException
    a table without a schema: 200, due 400
    an absent table: 404, due 404 NoSuchTableException
    register a table: 404, due 200
    a table that is staged alone, loaded: 200, due 404 NoSuchTableException
    a table at a place in no store: 200, due 400
    drop a full namespace: 204, due 409 NamespaceNotEmptyException
    a namespace inside of another: listed at the top, due below it alone

On SQLite and PostgreSQL a table again is 500, and so is one in no store; on PostgreSQL a namespace again and a table in
no namespace too, and the drop of a full namespace is 404.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from uuid import uuid4

SCHEMA = {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "id", "type": "long", "required": False}]}


def ask(address: str, token: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    """Return status and body of the answer to a request; a body that is no JSON is None."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address.rstrip('/')}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, _parsed(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _parsed(error.read())


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None


def told(answer: tuple[int, object]) -> str:
    """Return the status of an answer, and the type in an Iceberg error body."""
    status, said = answer
    error = said.get("error") if isinstance(said, dict) else None
    return f"{status} {error.get('type', '') if isinstance(error, dict) else ''}".strip()


def main(address: str, token: str) -> int:
    """Ask for what cannot be done; print the answers beside what is due; return 1 where they differ."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    place, tables = f"/namespaces/{namespace}", f"/namespaces/{namespace}/tables"
    made, table = {"namespace": [namespace]}, {"name": "t", "schema": SCHEMA, "properties": {}}
    for path, body in (("/namespaces", made), (tables, table)):
        ask(address, token, "POST", path, body)
    both = {"updates": {"owner": "a"}, "removals": ["owner"]}
    again = ("409 AlreadyExistsException", "POST")
    nowhere = "404 NoSuchNamespaceException"
    asked = {
        "load a namespace": ("200", "GET", place),
        "a namespace again": (*again, "/namespaces", made),
        "a property set and removed": ("422", "POST", f"{place}/properties", both),
        "tables in no namespace": (nowhere, "GET", f"/namespaces/{namespace}_no/tables"),
        "a table in no namespace": (nowhere, "POST", f"/namespaces/{namespace}_no/tables", table),
        "a table again": (*again, tables, table),
        "a table without a schema": ("400", "POST", tables, {"name": "bare"}),
        "an absent table": ("404 NoSuchTableException", "GET", f"{tables}/absent"),
        "register a table": ("200", "POST", f"{place}/register", {"name": "u", "metadata-location": "s3://a/b"}),
        "a table that is staged alone, loaded": ("404 NoSuchTableException", "GET", f"{tables}/staged"),
        "a table at a place in no store": ("400", "POST", tables, {**table, "name": "far", "location": "file:/far"}),
        "drop a full namespace": ("409 NamespaceNotEmptyException", "DELETE", place),
    }
    ask(address, token, "POST", tables, {**table, "name": "staged", "stage-create": True})
    answers = {what: (due, told(ask(address, token, *request))) for what, (due, *request) in asked.items()}
    for what, (due, answer) in answers.items():
        sys.stdout.write(f"{what}: {answer}, due {due}\n")
    inner = [namespace, "inner"]
    ask(address, token, "POST", "/namespaces", {"namespace": inner})
    beside = inner in ask(address, token, "GET", "/namespaces")[1]["namespaces"]
    sys.stdout.write(
        f"a namespace inside of another: {'' if beside else 'not '}listed at the top, due below it alone\n"
    )
    left = [f"{tables}/{name}" for name in ("t", "bare", "staged", "far")]
    for path in (*left, f"/namespaces/{namespace}_no/tables/t", f"{place}%1Finner", place):
        ask(address, token, "DELETE", path)
    return int(beside or any(not answer.startswith(due) for due, answer in answers.values()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
