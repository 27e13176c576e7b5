"""Nessie 0.99.0 takes a purge, and leaves the table's files where they are.

    python reproductions/nessie/purge.py http://127.0.0.1:19120/iceberg http://127.0.0.1:9000

The second address is the store's. Captured from Nessie 0.99.0, 2026-11-26:

    purge: 204; files before: 1, after: 1
"""

from __future__ import annotations

import sys
import time
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
from optional_fields import FIELDS, ask, home, schema
from vended_key import vended

NAMES = ("s3.access-key-id", "s3.secret-access-key", "s3.session-token")


def main(address: str, store: str) -> int:
    """Make a table and purge it; print how many files there are; return 1 where one is left."""
    namespace, spaces = f"reproduction_{uuid4().hex[:8]}", f"{home(address)}/namespaces"
    tables = f"{spaces}/{namespace}/tables"
    ask(address, "POST", spaces, {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    location, config = vended(address, f"{tables}/t")
    bucket, prefix = urlsplit(location).netloc, f"{urlsplit(location).path.lstrip('/')}/"
    client = boto3.Session(*(config[name] for name in NAMES), "us-east-1").client("s3", endpoint_url=store)
    before = client.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"]
    status, _ = ask(address, "DELETE", f"{tables}/t?purgeRequested=true")
    time.sleep(10)
    after = client.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"]
    sys.stdout.write(f"purge: {status}; files before: {before}, after: {after}\n")
    ask(address, "DELETE", f"{spaces}/{namespace}")
    return int(after > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
