r"""Pangolin 0.6.0 takes a purge, and leaves the table's files where they are.

    AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... \
        python reproductions/pangolin/purge.py http://127.0.0.1:8080/v1/CATALOG TOKEN http://127.0.0.1:9000

The token is what `POST /api/v1/users/login` gives to a tenant's admin, the last address is the store's, and the key
may list the bucket in which the catalog's tables lie. Due is a purge after which no file is there; the handler does
not read `purgeRequested`.

What Pangolin does was captured by the workbook's own check (CAT-03): 204, and the files stay. This script itself was
run against tinylake's catalog alone so far, where the file is gone:

    purge: 204; files before: 1, after: 0

Source: REST specification, dropTable (`purgeRequested`).
"""

from __future__ import annotations

import sys
import time
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
from answers import SCHEMA, ask

WAIT_SECONDS = 10


def main(address: str, token: str, store: str) -> int:
    """Make a table and purge it; print how many files there are; return 1 where one is left."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"/namespaces/{namespace}/tables"
    ask(address, token, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, token, "POST", tables, {"name": "t", "schema": SCHEMA, "properties": {}})
    place = urlsplit(ask(address, token, "GET", f"{tables}/t")[1]["metadata"]["location"].rstrip("/"))
    listing = {"Bucket": place.netloc, "Prefix": f"{place.path.lstrip('/')}/"}
    client = boto3.Session(region_name="us-east-1").client("s3", endpoint_url=store)
    before = client.list_objects_v2(**listing)["KeyCount"]
    status, _ = ask(address, token, "DELETE", f"{tables}/t?purgeRequested=true")
    time.sleep(WAIT_SECONDS)
    after = client.list_objects_v2(**listing)["KeyCount"]
    sys.stdout.write(f"purge: {status}; files before: {before}, after: {after}\n")
    ask(address, token, "DELETE", f"/namespaces/{namespace}")
    return int(before == 0 or after > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
