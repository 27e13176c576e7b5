"""The catalog's contract, the same in every kind of store: S3, Azure storage, Google's, and local files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import catalog_wire as wire
import pyarrow as pa
import pytest
import servers
import warehouses
from pyiceberg.catalog.rest import RestCatalog

from tinylake.catalog.errors import CatalogError
from tinylake.catalog.settings import from_environment
from tinylake.catalog.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from warehouses import Warehouse

ROWS = pa.table({"id": [1, 2], "name": ["a", "b"]})
SIGN = "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/sign"


@pytest.fixture(scope="module", params=warehouses.here(), ids=lambda kind: kind or "local")
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with warehouses.EVERY[request.param](tmp_path_factory.mktemp("store")) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def catalog(kept: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Catalog]:
    with servers.catalog(None, tmp_path_factory.mktemp("catalog"), **kept.settings) as running:
        yield running


@pytest.fixture
def client(catalog: servers.Catalog) -> Iterator[httpx.Client]:
    with catalog.http() as made:
        yield made


@pytest.fixture
def schema(request: pytest.FixtureRequest, client: httpx.Client) -> str:
    name = request.node.originalname.removeprefix("test_")
    assert client.post("/namespaces", json={"namespace": [name]}).status_code == 200
    return name


def below(kept: Warehouse, location: str) -> list[str]:
    return [found for found in kept.files() if found.startswith(f"{location}/")]


def store_of(kept: Warehouse, folder: Path, **other: str) -> Store:
    """The catalog's own store, here in the test, with some settings replaced."""
    settings = {**kept.settings, **other}
    return Store(from_environment(servers.catalog_environment(None, folder / "catalog.db", **settings)))


def test_pyiceberg_writes_reads_and_purges(catalog: servers.Catalog, kept: Warehouse, schema: str) -> None:
    pyiceberg = RestCatalog("lake", uri=catalog.uri, warehouse="lake", token=servers.WRITER, **kept.io)
    table, beside = (pyiceberg.create_table((schema, name), schema=ROWS.schema) for name in ("orders", "orders2"))
    assert table.location() == f"{kept.location}/{schema}/orders"
    for one in (table, table, beside):
        one.append(ROWS)
    table.delete("id = 1")
    found = pyiceberg.load_table((schema, "orders")).scan().to_arrow()
    assert found.sort_by("id").to_pylist() == [{"id": 2, "name": "b"}] * 2
    assert [one for one in below(kept, table.location()) if one.endswith(".parquet")]
    neighbours = below(kept, beside.location())
    pyiceberg.purge_table((schema, "orders"))
    assert below(kept, table.location()) == []
    assert below(kept, beside.location()) == neighbours
    assert table.location() not in kept.files()  # nor an empty folder, where there are any


def test_more_files_are_deleted_than_one_request_takes(kept: Warehouse, tmp_path: Path) -> None:
    store, folder = store_of(kept, tmp_path), f"{kept.location}/many/"
    for number in range(300):
        store.write(f"{folder}{number % 3}/{number}", b"x")
    listed = store.keys(folder)
    assert len(listed) == 300
    store.delete(folder, listed)
    assert not store.holds(folder)
    store.delete(folder, listed)  # what is gone already is no failure


def test_nothing_outside_the_warehouse_is_discarded(kept: Warehouse, tmp_path: Path) -> None:
    home, _, _ = kept.location.rpartition("/")
    elsewhere = store_of(kept, tmp_path, LOCATION=f"{home}/elsewhere")
    elsewhere.write(f"{home}/elsewhere/x", b"x")
    store = store_of(kept, tmp_path)
    store.write(f"{kept.location}/x", b"x")
    store.discard([f"{home}/elsewhere/x", f"{kept.location}/../elsewhere/x", f"{kept.location}/x"])
    assert f"{home}/elsewhere/x" in kept.files()
    assert f"{kept.location}/x" not in kept.files()


def test_metadata_files_that_are_outlived_are_deleted(client: httpx.Client, kept: Warehouse, schema: str) -> None:
    limits = {
        "write.metadata.delete-after-commit.enabled": "true",
        "write.metadata.previous-versions-max": "1",
    }
    made = wire.create(client, schema, properties=limits)
    for number in range(3):
        last = wire.commit(client, schema, "orders", wire.set_properties(number=str(number))).json()
    files = below(kept, made["metadata"]["location"])
    assert last["metadata-location"] in files
    assert made["metadata-location"] not in files


def test_a_table_moves_into_no_files_that_were_left(client: httpx.Client, kept: Warehouse, schema: str) -> None:
    first = wire.create(client, schema)["metadata"]["location"]
    client.delete(f"/namespaces/{schema}/tables/orders")
    second = wire.create(client, schema)["metadata"]["location"]
    assert second.startswith(f"{first}-")
    assert below(kept, first)


def test_a_missing_file_is_named(kept: Warehouse, tmp_path: Path) -> None:
    with servers.catalog(None, tmp_path, **kept.settings) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["missing"]})
        file = wire.create(client, "missing")["metadata-location"]
    kept.remove(file)
    with servers.catalog(None, tmp_path, **kept.settings) as lake, lake.http() as client:
        assert file in wire.refused(client.get("/namespaces/missing/tables/orders"), 500, "InternalServerError")


def test_a_store_that_does_not_answer_is_named_and_nothing_is_made(kept: Warehouse, tmp_path: Path) -> None:
    with servers.catalog(None, tmp_path, **{**kept.settings, **kept.stranded}) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        answer = client.post("/namespaces/n/tables", json={"name": "t", "schema": wire.SCHEMA})
        message = wire.refused(answer, 503, "ServiceUnavailableException")
        (where,) = kept.stranded.values()
        assert where.removeprefix("file://") in message
        assert client.get("/namespaces/n/tables").json()["identifiers"] == []


def test_a_refusal_of_the_store_is_not_its_absence(kept: Warehouse, tmp_path: Path) -> None:
    if not kept.refused:
        pytest.skip("nobody is refused a folder of his own")
    store = store_of(kept, tmp_path, **kept.refused)
    location = kept.refused.get("LOCATION", kept.location)
    for call in (lambda: store.write(f"{location}/x", b"x"), lambda: store.read(f"{location}/x")):
        with pytest.raises(CatalogError) as raised:
            call()
        assert raised.value.status == 500
        assert not [
            value for name, value in kept.refused.items() if name.endswith("KEY") and value in str(raised.value)
        ]


def test_what_is_vended_is_given_where_it_is_asked_for(client: httpx.Client, kept: Warehouse, schema: str) -> None:
    wire.create(client, schema)
    path = f"/namespaces/{schema}/tables/orders"
    asked, unasked = client.get(path, headers=wire.DELEGATED).json(), client.get(path).json()
    listed = client.get(f"{path}/credentials")
    assert listed.status_code == 200
    assert "storage-credentials" not in unasked
    if kept.vended:
        assert kept.vended in asked["config"]
        assert kept.vended not in unasked["config"]
        for answer in (asked, listed.json()):
            (credential,) = answer["storage-credentials"]
            assert credential["prefix"] == f"{kept.location}/{schema}/orders/"
            assert kept.vended in credential["config"]
    else:
        assert "storage-credentials" not in asked
        assert asked["config"] == unasked["config"]
        assert listed.json() == {"storage-credentials": []}


def test_requests_are_signed_for_s3_alone(
    catalog: servers.Catalog, client: httpx.Client, kept: Warehouse, schema: str
) -> None:
    header = {"X-Iceberg-Access-Delegation": "remote-signing"}
    config = wire.create(client, schema, headers=header)["config"]
    on_s3 = kept.location.startswith("s3://")
    assert bool([name for name in config if "sign" in name]) is on_s3
    assert (SIGN in client.get(f"{catalog.uri}/v1/config").json()["endpoints"]) is on_s3
    answer = client.post(f"/namespaces/{schema}/tables/orders/sign", json={})
    assert answer.status_code == (400 if on_s3 else 404)
