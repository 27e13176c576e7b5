r"""Azurite 3.35.0 takes no signature for a directory, and one for a container opens whatever lies in it.

    AZURE_STORAGE_ACCOUNT=... AZURE_STORAGE_KEY=... \
        python reproductions/azurite/container_signature.py http://127.0.0.1:10000

The key is the account's. Two objects lie in one container, as two tables do; a signature is made for the directory of
the first one, and one for the container. Captured from Azurite 3.35.0, 2026-11-27:

    signed for the directory orders: GET orders/x 403 AuthorizationFailure, GET customers/x 403 AuthorizationFailure
    signed for the container: GET orders/x 200, GET customers/x 200, PUT customers/x 201, DELETE customers/x 202

Source: https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas (`sr`, `sdd`).
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from azure.storage.blob import ContainerClient, generate_container_sas
from azure.storage.filedatalake import generate_directory_sas


def ask(method: str, url: str, signature: str) -> str:
    """Return the answer to a request that is signed so."""
    headers = {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2021-12-02"}
    body = b"y" if method == "PUT" else None
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{url}?{signature}", body, headers, method=method)
        ) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.headers.get('x-ms-error-code')}"


def main(address: str) -> int:
    """Sign for one of two directories, and try the other one; return 1 where it opens."""
    account, key = os.environ["AZURE_STORAGE_ACCOUNT"], os.environ["AZURE_STORAGE_KEY"]
    name, until = f"reproduction-{uuid4().hex[:8]}", datetime.now(UTC) + timedelta(minutes=5)
    container = ContainerClient(f"{address.rstrip('/')}/{account}", name, credential=key)
    container.create_container()
    for blob in ("orders/x", "customers/x"):
        container.upload_blob(blob, b"x")
    own, other = (f"{address.rstrip('/')}/{account}/{name}/{blob}" for blob in ("orders/x", "customers/x"))
    narrow = generate_directory_sas(account, name, "orders", credential=key, permission="racwdl", expiry=until)
    wide = generate_container_sas(account, name, account_key=key, permission="racwdl", expiry=until)
    told = [ask("GET", own, narrow), ask("GET", other, narrow)]
    opened = [ask(*one, wide) for one in (("GET", own), ("GET", other), ("PUT", other), ("DELETE", other))]
    container.delete_container()
    sys.stdout.write(
        f"signed for the directory orders: GET orders/x {told[0]}, GET customers/x {told[1]}\n"
        f"signed for the container: GET orders/x {opened[0]}, GET customers/x {opened[1]}, "
        f"PUT customers/x {opened[2]}, DELETE customers/x {opened[3]}\n"
    )
    return int(opened[1] == "200")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
