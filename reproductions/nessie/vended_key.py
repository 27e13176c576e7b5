"""Nessie 0.99.0 does not say when a vended key expires, and lets it list beyond its table's location.

    python reproductions/nessie/vended_key.py http://127.0.0.1:19120/iceberg http://127.0.0.1:9000

The second address is the store's, which must honour session policies. Captured with radosgw 16.2.15, 2026-11-26:

    expiry: not stated
    list s3://.../t_3c9e.../: allowed; list s3://.../t_3c9e...: allowed
"""

from __future__ import annotations

import json
import sys
import urllib.request
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError
from optional_fields import FIELDS, ask, home, schema


def vended(address: str, path: str) -> tuple[str, dict[str, str]]:
    """Return a table's location, and the configuration that it was loaded with."""
    headers = {"X-Iceberg-Access-Delegation": "vended-credentials"}
    with urllib.request.urlopen(urllib.request.Request(f"{address.rstrip('/')}{path}", headers=headers)) as answer:
        loaded = json.loads(answer.read())
    return loaded["metadata"]["location"].rstrip("/"), loaded["config"]


def listed(store: str, config: dict[str, str], bucket: str, prefix: str) -> str:
    """Return whether the key may list what begins so."""
    names = ("s3.access-key-id", "s3.secret-access-key", "s3.session-token")
    key, secret, token = (config[name] for name in names)
    session = boto3.Session(key, secret, token, "us-east-1")
    try:
        session.client("s3", endpoint_url=store).list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "allowed"


def main(address: str, store: str) -> int:
    """Have a key vended for a new table, and try it; return 1 where it has no expiry, or lists too much."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"{home(address)}/namespaces/{namespace}/tables"
    ask(address, "POST", f"{home(address)}/namespaces", {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    location, config = vended(address, f"{tables}/t")
    bucket, prefix = urlsplit(location).netloc, urlsplit(location).path.lstrip("/")
    expiry = config.get("s3.session-token-expires-at-ms", "not stated")
    may = {name: listed(store, config, bucket, name) for name in (f"{prefix}/", prefix)}
    sys.stdout.write(f"expiry: {expiry}\n" + "".join(f"list {name}: {outcome}\n" for name, outcome in may.items()))
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{home(address)}/namespaces/{namespace}")
    return int(expiry == "not stated" or may[prefix] == "allowed")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
