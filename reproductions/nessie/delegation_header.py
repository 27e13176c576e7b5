"""Nessie 0.99.0 gives credentials, and signs, where no client asked for either.

    python reproductions/nessie/delegation_header.py http://127.0.0.1:19120/iceberg

Captured from Nessie 0.99.0 with client-iam enabled, 2026-11-26, by the header X-Iceberg-Access-Delegation:

    absent: credentials and signing; empty: nothing; vended-credentials: credentials; remote-signing: signing

The Iceberg REST specification has clients without the header use keys of their own: they hold a table's keys unasked.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from uuid import uuid4

from optional_fields import FIELDS, ask, home, schema

HEADERS = {"absent": None, "empty": "", "vended": "vended-credentials", "signing": "remote-signing"}


def given(address: str, path: str, header: str | None) -> list[str]:
    """Return what an answer gives a client to reach the store with."""
    headers = {} if header is None else {"X-Iceberg-Access-Delegation": header}
    request = urllib.request.Request(f"{address.rstrip('/')}{path}", headers=headers)
    with urllib.request.urlopen(request) as answer:
        config = json.loads(answer.read()).get("config") or {}
    kinds = {"credentials": "s3.secret-access-key" in config, "signing": "s3.signer.endpoint" in config}
    return [kind for kind, there in kinds.items() if there]


def main(address: str) -> int:
    """Load a table with each header; print what was given; return 1 where something was to a client that asked not."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"{home(address)}/namespaces/{namespace}/tables"
    ask(address, "POST", f"{home(address)}/namespaces", {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    found = {name: given(address, f"{tables}/t", header) for name, header in HEADERS.items()}
    for name, kinds in found.items():
        sys.stdout.write(f"{name}: {' and '.join(kinds) or 'nothing'}\n")
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{home(address)}/namespaces/{namespace}")
    return int(bool(found["absent"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
