"""Vending by session policies, on each store here that honours them: this table alone, by grant, for a while."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import catalog_wire as wire
import pytest
import servers
import stores
from botocore.exceptions import ClientError

from lakebook import s3
from lakebook.stack import object_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lakebook.stack.launcher import Running

BUCKET = object_store.WAREHOUSE_BUCKET
PARTS = ("access-key-id", "secret-access-key", "session-token")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A catalog on a store that honours session policies, and how one gets at both."""

    store: Running
    catalog: servers.Catalog

    def http(self, token: str = servers.WRITER) -> Any:
        return self.catalog.http(token, **wire.DELEGATED)

    def admin(self) -> Any:
        """A client of the store that may do everything."""
        return s3.client("s3", self.store.endpoint.url, stores.keys(self.store, "admin"))

    def vended(self, table: str, namespace: str, token: str = servers.WRITER) -> Any:
        """A client of the store with what a load of the table was vended."""
        with self.http(token) as client:
            config = client.get(f"/namespaces/{namespace}/tables/{table}").json()["config"]
        return s3.client("s3", self.store.endpoint.url, s3.Keys(*(config[f"s3.{name}"] for name in PARTS)))


@contextmanager
def narrowing(kind: str, folder: Path, **settings: str) -> Iterator[Narrowing]:
    """A catalog on a store of this kind, which is told by the store's endpoint how to vend."""
    with stores.running(kind, folder) as store:
        key, values = stores.keys(store, "catalog"), store.endpoint.values
        seen = servers.Moto(store.endpoint.url, key.key_id, key.secret, None, bucket=BUCKET)
        told = {"VENDING": values["vending"], "ROLE_ARN": values["role_arn"]}
        with servers.catalog(seen, folder, **told, **settings) as catalog:
            yield Narrowing(store, catalog)


@pytest.fixture(scope="module", params=stores.here(*stores.WITH_SESSION_POLICIES))
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Narrowing]:
    with narrowing(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="module")
def namespace(lake: Narrowing) -> str:
    """A namespace with the tables orders and orders2, and an object in each."""
    name = f"n{uuid4().hex[:12]}"
    admin = lake.admin()
    with lake.http() as client:
        assert client.post("/namespaces", json={"namespace": [name]}).status_code == 200
        for table in ("orders", "orders2"):
            wire.create(client, name, table)
            admin.put_object(Bucket=BUCKET, Key=f"warehouse/{name}/{table}/data/x", Body=b"x")
    return name


def denied(call: Callable[..., Any], **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return False


def at(namespace: str, table: str, name: str = "data/x") -> dict[str, str]:
    return {"Bucket": BUCKET, "Key": f"warehouse/{namespace}/{table}/{name}"}


def test_a_writers_session_reaches_its_table_and_no_other(lake: Narrowing, namespace: str) -> None:
    store = lake.vended("orders", namespace)
    store.put_object(**at(namespace, "orders", "data/y"), Body=b"y")
    assert store.get_object(**at(namespace, "orders"))["Body"].read() == b"x"
    store.delete_object(**at(namespace, "orders", "data/y"))
    namesake = {"Bucket": BUCKET, "Key": f"warehouse/{namespace}/orders"}
    lake.admin().put_object(**namesake, Body=b"x")
    for other in (at(namespace, "orders2"), namesake):
        assert denied(store.get_object, **other)
        assert denied(store.put_object, **other, Body=b"")
        assert denied(store.delete_object, **other)
        assert denied(store.create_multipart_upload, **other)
    lake.admin().delete_object(**namesake)  # while it is there, MinIO lists nothing below it


def test_a_readers_session_reads_and_never_writes(lake: Narrowing, namespace: str) -> None:
    store = lake.vended("orders", namespace, servers.READER)
    assert store.get_object(**at(namespace, "orders"))["Body"].read() == b"x"
    assert denied(store.put_object, **at(namespace, "orders"), Body=b"")
    assert denied(store.delete_object, **at(namespace, "orders"))


def test_a_session_lists_its_table_and_nothing_beside(lake: Narrowing, namespace: str) -> None:
    store = lake.vended("orders", namespace)
    home = f"warehouse/{namespace}/orders"
    assert store.list_objects_v2(Bucket=BUCKET, Prefix=f"{home}/")["KeyCount"] >= 1
    for prefix in (home, f"{home}2/", f"warehouse/{namespace}/", ""):
        assert denied(store.list_objects_v2, Bucket=BUCKET, Prefix=prefix), prefix


def test_a_session_copies_from_its_table_alone(lake: Narrowing, namespace: str) -> None:
    store, target = lake.vended("orders", namespace), at(namespace, "orders", "data/copy")
    store.copy_object(**target, CopySource=at(namespace, "orders"))
    assert denied(store.copy_object, **target, CopySource=at(namespace, "orders2"))


def test_a_drop_has_nothing_to_remove_and_succeeds(lake: Narrowing, namespace: str) -> None:
    with lake.http() as client:
        wire.create(client, namespace, "brief")
        assert client.delete(f"/namespaces/{namespace}/tables/brief").status_code == 204


@pytest.mark.parametrize("kind", stores.here("minio"))
def test_a_duration_that_the_store_does_not_grant_is_told(kind: str, tmp_path: Path) -> None:
    with narrowing(kind, tmp_path, CREDENTIAL_SECONDS="3") as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        answer = client.post("/namespaces/n/tables", json={"name": "t", "schema": wire.SCHEMA})
        assert "AssumeRole" in wire.refused(answer, 500, "InternalServerError")


@pytest.mark.parametrize("kind", stores.here("radosgw"))
def test_credentials_end_when_they_say(kind: str, tmp_path: Path) -> None:
    with narrowing(kind, tmp_path, CREDENTIAL_SECONDS="3") as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        config = wire.create(client, "n", "t")["config"]
        expiry = int(config["s3.session-token-expires-at-ms"]) / 1000
        store = lake.vended("t", "n")
        store.put_object(**at("n", "t"), Body=b"x")
        servers.poll(
            "the second session to end", lambda: time.time() > expiry and denied(store.get_object, **at("n", "t"))
        )
        assert expiry < time.time() < expiry + 10
