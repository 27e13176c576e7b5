"""Pangolin 0.6.0 gives its warehouse's key with every table, to who asks for none, whatever it was told of vending.

    python reproductions/pangolin/keys.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin; the catalog's warehouse must have the vending
strategy AwsSts. Captured from Pangolin 0.6.0, 2026-11-27:

    asked for no key: s3.access-key-id, s3.secret-access-key
    two tables, one key; no session token
    GET .../t/credentials: 500
    GET /v1/config: no prefix; without a token: 200

On SQLite and PostgreSQL its log has the key after that: a line "Checking warehouse ID" with the whole configuration.

Source: REST specification, loadTable (X-Iceberg-Access-Delegation), getConfig (`overrides`, `prefix`).
"""

from __future__ import annotations

import json
import sys
import urllib.request
from uuid import uuid4

from answers import SCHEMA, ask


def main(address: str, token: str) -> int:
    """Load two tables; print what keys come with them; return 1 where keys come that nobody asked for."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"/namespaces/{namespace}/tables"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    configs = []
    for name in ("t", "u"):
        ask(address, token, "POST", tables, {"name": name, "schema": SCHEMA, "properties": {}})
        loaded = ask(address, token, "GET", f"{tables}/{name}")[1]
        configs.append({key: value for key, value in loaded["config"].items() if "key" in key or "token" in key})
    alone, _ = ask(address, token, "GET", f"{tables}/t/credentials")
    for path in (f"{tables}/t", f"{tables}/u", f"/namespaces/{namespace}"):
        ask(address, token, "DELETE", path)
    with urllib.request.urlopen(f"{address.partition('/v1/')[0]}/v1/config") as answer:
        status, told = answer.status, json.loads(answer.read())
    prefix = {**told["defaults"], **told["overrides"]}.get("prefix", "no prefix")
    sys.stdout.write(
        f"asked for no key: {', '.join(sorted(configs[0])) or 'none'}\n"
        f"two tables, {'one key' if configs[0] == configs[1] else 'two keys'}; "
        f"{'a' if 's3.session-token' in configs[0] else 'no'} session token\n"
        f"GET .../t/credentials: {alone}\n"
        f"GET /v1/config: {prefix}; without a token: {status}\n"
    )
    return int(bool(configs[0]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
