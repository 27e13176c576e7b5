"""Nessie 0.99.0 answers otherwise than the REST specification says, where a request cannot be done.

    python reproductions/nessie/answers.py http://127.0.0.1:19120/iceberg

Captured from Nessie 0.99.0, 2026-11-26; what the specification says stands behind each:

    one property set and removed: 200, due 422
    namespaces in none: 200, due 404 NoSuchNamespaceException
    tables in none: 200, due 404 NoSuchNamespaceException
    drop of a full namespace: 409 without type, due 409 NamespaceNotEmptyException
    commit to another table: 409 without type, due 409 CommitFailedException
    table without a schema: 500 WebApplicationException, due 400
"""

from __future__ import annotations

import sys
from uuid import uuid4

from optional_fields import FIELDS, ask, home, schema

ANOTHER = [{"type": "assert-table-uuid", "uuid": "00000000-0000-4000-8000-000000000000"}]


def told(answer: tuple[int, object]) -> str:
    """Return status and type of an answer."""
    status, said = answer
    error = said.get("error") if isinstance(said, dict) else None
    return f"{status} {(error.get('type') or 'without type') if isinstance(error, dict) else ''}".strip()


def main(address: str) -> int:
    """Ask for what cannot be done; print the answers beside what is due; return 1 where they differ."""
    namespace, spaces = f"reproduction_{uuid4().hex[:8]}", f"{home(address)}/namespaces"
    place, tables = f"{spaces}/{namespace}", f"{spaces}/{namespace}/tables"
    ask(address, "POST", spaces, {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    both = {"updates": {"owner": "a"}, "removals": ["owner"]}
    commit = {"requirements": ANOTHER, "updates": [{"action": "set-properties", "updates": {"owner": "a"}}]}
    bare = {"name": "bare", "schema": None, "stage-create": False}
    asked = {
        "one property set and removed": ("422", ask(address, "POST", f"{place}/properties", both)),
        "namespaces in none": ("404 NoSuchNamespaceException", ask(address, "GET", f"{spaces}?parent=nowhere")),
        "tables in none": ("404 NoSuchNamespaceException", ask(address, "GET", f"{spaces}/nowhere/tables")),
        "drop of a full namespace": ("409 NamespaceNotEmptyException", ask(address, "DELETE", place)),
        "commit to another table": ("409 CommitFailedException", ask(address, "POST", f"{tables}/t", commit)),
        "table without a schema": ("400", ask(address, "POST", tables, bare)),
    }
    for what, (due, answer) in asked.items():
        sys.stdout.write(f"{what}: {told(answer)}, due {due}\n")
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", place)
    return int(any(not told(answer).startswith(due) for due, answer in asked.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
