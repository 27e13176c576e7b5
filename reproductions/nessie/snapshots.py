"""Nessie 0.99.0 shows the newest snapshot alone, and lets a first commit throw away another one that came before it.

    python reproductions/nessie/snapshots.py http://127.0.0.1:19120/iceberg

Two snapshots are committed one after the other, each with the requirement that clients send. Then a third asserts that
there is none yet: the specification has `assert-ref-snapshot-id` with no id mean that the reference must not exist.
Captured from Nessie 0.99.0, 2026-11-26:

    snapshots after two commits: 1
    back to the first one: 200, and snapshot 2 is the current one
    a commit that asserts that there is no snapshot: 200, due 409

The first is known as https://github.com/projectnessie/nessie/issues/10013, the last as
https://github.com/projectnessie/nessie/issues/10062, mended in 0.101.1.
"""

from __future__ import annotations

import sys
import time
from uuid import uuid4

from optional_fields import FIELDS, ask, home, schema


def main(address: str) -> int:
    """Commit snapshots; print what is left of them; return 1 where one is lost."""
    namespace, spaces = f"reproduction_{uuid4().hex[:8]}", f"{home(address)}/namespaces"
    tables = f"{spaces}/{namespace}/tables"
    ask(address, "POST", spaces, {"namespace": [namespace]})
    created = ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})[1]
    location = created["metadata"]["location"]
    commit(address, f"{tables}/t", snapshot(location, 1, None), None)
    commit(address, f"{tables}/t", snapshot(location, 2, 1), 1)
    kept = len(ask(address, "GET", f"{tables}/t")[1]["metadata"]["snapshots"])
    updates = [{"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": 1}]
    back = ask(address, "POST", f"{tables}/t", {"requirements": [], "updates": updates})[0]
    current = ask(address, "GET", f"{tables}/t")[1]["metadata"]["current-snapshot-id"]
    first = commit(address, f"{tables}/t", snapshot(location, 3, None), None)
    sys.stdout.write(f"snapshots after two commits: {kept}\n")
    sys.stdout.write(f"back to the first one: {back}, and snapshot {current} is the current one\n")
    sys.stdout.write(f"a commit that asserts that there is no snapshot: {first}, due 409\n")
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{spaces}/{namespace}")
    return int((kept, back, current, first) != (2, 200, 1, 409))


def snapshot(location: str, number: int, parent: int | None) -> dict[str, object]:
    """Return a snapshot of no file at all; nobody reads its list of manifests here."""
    after = {} if parent is None else {"parent-snapshot-id": parent}
    return {
        "snapshot-id": number,
        **after,
        "sequence-number": number,
        "timestamp-ms": int(time.time() * 1000),
        "manifest-list": f"{location}/metadata/snap-{number}.avro",
        "summary": {"operation": "append"},
        "schema-id": 0,
    }


def commit(address: str, path: str, new: dict[str, object], on: int | None) -> int:
    """Make a snapshot the current one, on another one or on none; return the status."""
    requirements = [{"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": on}]
    current = {"ref-name": "main", "type": "branch", "snapshot-id": new["snapshot-id"]}
    updates = [{"action": "add-snapshot", "snapshot": new}, {"action": "set-snapshot-ref", **current}]
    return ask(address, "POST", path, {"requirements": requirements, "updates": updates})[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
