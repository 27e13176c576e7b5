"""Pangolin 0.6.0 with its metadata in MongoDB takes commits that were made at the same moment, and keeps the last one.

    python reproductions/pangolin/lost_commits.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Several writers set properties of one table at
the same moment, each one of its own. Due is that every property is there whose commit was answered with 200.

What Pangolin does was captured by the workbook's own checks (CAT-06, EVO-14), with mongo-java-server 1.47.0 in
MongoDB's place: 200 for each commit, and those that came before the last one are lost. This script itself was run
against tinylake's catalog alone so far, which takes no commit that it would lose:

    commits of 4 writers answered with 200: 33, lost of them: 0

Source: REST specification, updateTable: a commit is applied to the table as it is, or refused with 409.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from answers import SCHEMA, ask

WRITERS, COMMITS = 4, 25


def main(address: str, token: str) -> int:
    """Let writers commit at the same moment; print how many commits are lost; return 1 where one is."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"/namespaces/{namespace}/tables"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, token, "POST", tables, {"name": "t", "schema": SCHEMA, "properties": {}})

    def write(writer: int) -> list[str]:
        names = [f"writer-{writer}-{number}" for number in range(COMMITS)]
        return [name for name in names if commit(address, token, f"{tables}/t", name) == 200]

    with ThreadPoolExecutor(WRITERS) as pool:
        acknowledged = [name for names in pool.map(write, range(WRITERS)) for name in names]
    kept = ask(address, token, "GET", f"{tables}/t")[1]["metadata"]["properties"]
    lost = [name for name in acknowledged if name not in kept]
    sys.stdout.write(
        f"commits of {WRITERS} writers answered with 200: {len(acknowledged)}, lost of them: {len(lost)}\n"
    )
    for path in (f"{tables}/t", f"/namespaces/{namespace}"):
        ask(address, token, "DELETE", path)
    return int(not acknowledged or bool(lost))


def commit(address: str, token: str, path: str, name: str) -> int:
    """Set one property of a table; return the status."""
    updates = [{"action": "set-properties", "updates": {name: "set"}}]
    return ask(address, token, "POST", path, {"requirements": [], "updates": updates})[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
