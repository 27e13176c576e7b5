"""What a catalog says when something that it needs is not there."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import catalog_wire as wire
import pytest
import servers

from lakebook.stack import ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stranded(store: servers.Moto, tmp_path: Path) -> Iterator[servers.Catalog]:
    """A catalog whose store does not answer."""
    with servers.catalog(store, tmp_path, S3_ENDPOINT=f"http://127.0.0.1:{ports.free()}") as running:
        yield running


def test_an_unreachable_store_is_named_logged_once_and_nothing_is_made(stranded: servers.Catalog) -> None:
    with stranded.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        answer = client.post("/namespaces/n/tables", json={"name": "t", "schema": wire.SCHEMA})
        message = wire.refused(answer, 503, "ServiceUnavailableException")
        assert stranded.environment["TINYLAKE_CATALOG_S3_ENDPOINT"] in message
        assert client.get("/namespaces/n/tables").json()["identifiers"] == []
    lines = [json.loads(line) for line in stranded.server.log.read_text().splitlines()]
    failures = [line for line in lines if line["level"] == "error"]
    assert len(failures) == 1
    assert "EndpointConnectionError" in failures[0]["cause"]


def test_an_unexpected_error_is_logged_once_and_says_nothing(store: servers.Moto, tmp_path: Path) -> None:
    with servers.catalog(store, tmp_path) as lake, lake.http() as client:
        with sqlite3.connect(lake.database) as database:
            database.execute("DROP TABLE tables")
            database.execute("DROP TABLE namespaces")
        message = wire.refused(client.get("/namespaces"), 500, "InternalServerError")
        assert "namespaces" not in message
        lines = [json.loads(line) for line in lake.server.log.read_text().splitlines()]
    failures = [line for line in lines if line["level"] == "error"]
    assert len(failures) == 1
    assert "no such table: namespaces" in failures[0]["cause"]


def test_a_restart_finds_everything(store: servers.Moto, tmp_path: Path) -> None:
    location = {"LOCATION": f"s3://{store.bucket}/restart"}
    with servers.catalog(store, tmp_path, **location) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        made = wire.create(client, "n", headers=wire.DELEGATED)
    with servers.catalog(store, tmp_path, **location) as lake, lake.http() as client:
        found = client.get("/namespaces/n/tables/orders", headers=wire.DELEGATED).json()
    assert found["metadata"] == made["metadata"]
    assert "s3.session-token" in found["config"]


def test_a_metadata_file_that_is_missing_after_a_restart_is_named(store: servers.Moto, tmp_path: Path) -> None:
    location = {"LOCATION": f"s3://{store.bucket}/missing"}
    with servers.catalog(store, tmp_path, **location) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        file = wire.create(client, "n")["metadata-location"]
    store.client("s3").delete_object(Bucket=store.bucket, Key=file.removeprefix(f"s3://{store.bucket}/"))
    with servers.catalog(store, tmp_path, **location) as lake, lake.http() as client:
        assert file in wire.refused(client.get("/namespaces/n/tables/orders"), 500, "InternalServerError")


def test_a_file_that_was_replaced_is_read_anew_when_it_is_registered(store: servers.Moto, tmp_path: Path) -> None:
    with servers.catalog(store, tmp_path) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["again"]})
        file = wire.create(client, "again")["metadata-location"]
        assert client.delete("/namespaces/again/tables/orders").status_code == 204
        bucket, _, key = file.removeprefix("s3://").partition("/")
        admin = store.client("s3")
        changed = json.loads(admin.get_object(Bucket=bucket, Key=key)["Body"].read()) | {"properties": {"is": "new"}}
        admin.put_object(Bucket=bucket, Key=key, Body=json.dumps(changed).encode())
        asked = {"name": "orders", "metadata-location": file}
        assert client.post("/namespaces/again/register", json=asked).status_code == 200
        assert client.get("/namespaces/again/tables/orders").json()["metadata"]["properties"] == {"is": "new"}
