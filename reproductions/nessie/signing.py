"""Nessie 0.99.0 signs requests whose path, host or source lies outside the table, and no listing inside of it.

    python reproductions/nessie/signing.py http://127.0.0.1:19120/iceberg http://127.0.0.1:9000

The second address is the store's. Captured from Nessie 0.99.0, 2026-11-26:

    list inside: 400, due 200
    get by dots: 200, due 403
    get by dots, written as %2e%2e: 200, due 403
    get elsewhere: 200, due 403
    copy from outside: 200, due 403
"""

from __future__ import annotations

import json
import sys
import urllib.request
from urllib.parse import urlsplit
from uuid import uuid4

from optional_fields import FIELDS, ask, home, schema

SIGNED = {"X-Iceberg-Access-Delegation": "remote-signing"}


def main(address: str, store: str) -> int:
    """Have requests signed; print the answers beside what is due; return 1 where they differ."""
    namespace, spaces = f"reproduction_{uuid4().hex[:8]}", f"{home(address)}/namespaces"
    tables = f"{spaces}/{namespace}/tables"
    ask(address, "POST", spaces, {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    with urllib.request.urlopen(urllib.request.Request(f"{address.rstrip('/')}{tables}/t", headers=SIGNED)) as answer:
        loaded = json.loads(answer.read())
    signer, at = f"/{loaded['config']['s3.signer.endpoint'].lstrip('/')}", urlsplit(loaded["metadata"]["location"])
    bucket, path, other = at.netloc, at.path.strip("/"), f"{at.path.strip('/')}_other/file"
    table, beside = f"{store}/{bucket}/{path}", f"/{bucket}/{other}"
    copy = {"x-amz-copy-source": [beside]}
    asked = {
        "list inside": (200, "GET", f"{store}/{bucket}?list-type=2&prefix={path}/", {}),
        "get by dots": (403, "GET", f"{table}/../{other.rpartition('/')[2]}", {}),
        "get by dots, written as %2e%2e": (403, "GET", f"{table}/%2e%2e/{other.rpartition('/')[2]}", {}),
        "get elsewhere": (403, "GET", f"http://elsewhere.invalid/{bucket}/{path}/file", {}),
        "copy from outside": (403, "PUT", f"{table}/file", copy),
    }
    found = {what: sign(address, signer, *one[1:]) for what, one in asked.items()}
    for what, status in found.items():
        sys.stdout.write(f"{what}: {status}, due {asked[what][0]}\n")
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{spaces}/{namespace}")
    return int(any(status != asked[what][0] for what, status in found.items()))


def sign(address: str, signer: str, method: str, uri: str, headers: dict[str, list[str]]) -> int:
    """Return the status with which a request was signed, or was not."""
    return ask(address, "POST", signer, {"region": "us-east-1", "method": method, "uri": uri, "headers": headers})[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
