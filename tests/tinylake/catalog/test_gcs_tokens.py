"""Downscoped tokens for Google's storage, from the gate that enforces them, and boundaries as they are for Google."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import catalog_wire as wire
import httpx
import pyarrow as pa
import pytest
import servers
import stores
import warehouses
from pyiceberg.catalog.rest import RestCatalog

from lakebook.stack import ports
from tinylake.catalog import gcs_tokens, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warehouses import Warehouse

TOKEN, EXPIRY = "gcs.oauth2.token", "gcs.oauth2.token-expires-at"
TABLE = "/namespaces/sales/tables/orders"
HOME = "warehouse/sales/orders"
ON_GOOGLE = {"LOCATION": "gs://lake-house/warehouse", "GCS_TOKEN": "ya29.own"}


@pytest.fixture(scope="module", params=stores.here("fake_gcs"))
def gcs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with warehouses.on_gcs(tmp_path_factory.mktemp("gcs")) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def catalog(gcs: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Catalog]:
    with servers.catalog(None, tmp_path_factory.mktemp("catalog"), **gcs.settings) as running:
        with running.http() as client:
            client.post("/namespaces", json={"namespace": ["sales"]})
            for name in ("orders", "orders2"):
                wire.create(client, "sales", name)
        yield running


def vended(catalog: servers.Catalog, token: str) -> dict[str, str]:
    with catalog.http(token, **wire.DELEGATED) as client:
        return dict(client.get(TABLE).json()["config"])


class Bucket:
    """The warehouse's bucket as one vended token opens it: each call returns a status."""

    def __init__(self, config: dict[str, str]) -> None:
        bearer = {"Authorization": f"Bearer {config[TOKEN]}"}
        self._http = httpx.Client(base_url=config["gcs.service.host"], headers=bearer, timeout=30)
        self._objects = "/storage/v1/b/lakebook-warehouse/o"

    def put(self, name: str) -> int:
        where = {"uploadType": "media", "name": name}
        return self._http.post(f"/upload{self._objects}", params=where, content=b"x").status_code

    def get(self, name: str) -> int:
        return self._http.get(f"{self._objects}/{quote(name, safe='')}", params={"alt": "media"}).status_code

    def delete(self, name: str) -> int:
        return self._http.delete(f"{self._objects}/{quote(name, safe='')}").status_code

    def list(self, prefix: str) -> int:
        return self._http.get(self._objects, params={"prefix": prefix}).status_code


def test_a_write_grant_works_in_its_table_and_nowhere_else(catalog: servers.Catalog) -> None:
    bucket, name = Bucket(vended(catalog, servers.WRITER)), f"{HOME}/data/x"
    assert [bucket.put(name), bucket.get(name), bucket.list(f"{HOME}/"), bucket.delete(name)] == [200] * 4
    for beside in (f"{HOME}2/data/x", "warehouse/sales/x", "x"):
        assert [bucket.put(beside), bucket.get(beside), bucket.delete(beside), bucket.list(beside)] == [403] * 4
    assert [bucket.list(prefix) for prefix in (HOME, f"{HOME}2/", "warehouse/", "")] == [403] * 4


def test_a_read_grant_reads_and_never_writes(catalog: servers.Catalog) -> None:
    writer, reader, name = Bucket(vended(catalog, servers.WRITER)), Bucket(vended(catalog, servers.READER)), f"{HOME}/y"
    assert writer.put(name) == 200
    assert [reader.get(name), reader.list(f"{HOME}/")] == [200, 200]
    assert [reader.put(name), reader.put(f"{HOME}/z"), reader.delete(name)] == [403] * 3
    assert reader.get(name) == 200


def test_a_token_ends_when_the_catalog_says_and_the_next_one_opens(gcs: Warehouse, tmp_path: Path) -> None:
    asked = {**gcs.settings, "CREDENTIAL_SECONDS": "3"}
    with servers.catalog(None, tmp_path, **asked) as brief, brief.http() as client:
        client.post("/namespaces", json={"namespace": ["brief"]})
        before = time.time()
        config = wire.create(client, "brief", headers=wire.DELEGATED)["config"]
        stated = int(config[EXPIRY]) / 1000
        assert before + 2.9 < stated <= time.time() + 3
        bucket, name = Bucket(config), "warehouse/brief/orders/data/x"
        assert bucket.put(name) == 200
        servers.poll("refusal of a token that is over", lambda: bucket.get(name) == 401)
        assert 0 <= time.time() - stated < 1
        again = client.get(f"{brief.uri}/{config['gcs.oauth2.refresh-credentials-endpoint']}").json()
        (credential,) = again["storage-credentials"]
        assert Bucket(credential["config"]).get(name) == 200


def test_without_a_service_account_it_is_the_catalogs_own_token_that_is_narrowed(
    gcs: Warehouse, tmp_path: Path
) -> None:
    asked = {**gcs.settings, "GCS_SERVICE_ACCOUNT": "", "GCS_IAM_ENDPOINT": f"http://127.0.0.1:{ports.free()}"}
    with servers.catalog(None, tmp_path, **asked) as own, own.http(**wire.DELEGATED) as client:
        client.post("/namespaces", json={"namespace": ["own"]})
        config = wire.create(client, "own")["config"]
        assert 3590 < int(config[EXPIRY]) / 1000 - time.time() <= 3600
        bucket = Bucket(config)
        assert [bucket.put("warehouse/own/orders/x"), bucket.put("warehouse/own/x")] == [200, 403]


def test_an_answer_has_the_words_of_java_and_of_pyiceberg(catalog: servers.Catalog, gcs: Warehouse) -> None:
    config, where = vended(catalog, servers.WRITER), {"gcs.service.host": gcs.settings["GCS_ENDPOINT"]}
    secret = {TOKEN: config[TOKEN], EXPIRY: config[EXPIRY]}
    refresh = {"gcs.oauth2.refresh-credentials-endpoint": f"v1/lake{TABLE}/credentials"}
    assert config == {**where, **secret, **refresh}
    with catalog.http() as client:
        assert client.get(TABLE).json()["config"] == where
        assert client.get(f"{catalog.uri}/v1/config").json()["defaults"] == where


def test_the_catalogs_own_token_is_told_to_nobody(catalog: servers.Catalog, gcs: Warehouse) -> None:
    with catalog.http(**wire.DELEGATED) as client:
        told = [client.get(path).text for path in (f"{catalog.uri}/v1/config", TABLE, f"{TABLE}/credentials")]
    assert TOKEN in told[1]
    for text in (*told, catalog.server.log.read_text()):
        assert gcs.settings["GCS_TOKEN"] not in text


def test_what_issues_tokens_is_named_when_it_refuses_or_does_not_answer(gcs: Warehouse, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{ports.free()}"
    for number, (name, address, status) in enumerate(
        (
            ("GCS_TOKEN_ENDPOINT", nowhere, 503),
            ("GCS_IAM_ENDPOINT", nowhere, 503),
            ("GCS_TOKEN_ENDPOINT", f"{gcs.settings['GCS_ENDPOINT']}/v1/nothing", 500),
        )
    ):
        (folder := tmp_path / str(number)).mkdir()
        with servers.catalog(None, folder, **{**gcs.settings, name: address}) as lost, lost.http() as client:
            client.post("/namespaces", json={"namespace": ["n"]})
            wire.create(client, "n")
            answer = client.get("/namespaces/n/tables/orders", headers=wire.DELEGATED)
            assert answer.status_code == status
            assert address in answer.json()["error"]["message"]
            assert gcs.settings["GCS_TOKEN"] not in answer.text


def test_a_reader_reads_by_pyiceberg_and_cannot_append(catalog: servers.Catalog, gcs: Warehouse) -> None:
    def load(token: str) -> RestCatalog:
        return RestCatalog("lake", uri=catalog.uri, warehouse="lake", token=token, **gcs.io)

    rows = pa.table({"id": [1]})
    load(servers.WRITER).create_table(("sales", "read"), schema=rows.schema).append(rows)
    found = load(servers.READER).load_table(("sales", "read"))
    assert found.scan().to_arrow().to_pylist() == [{"id": 1}]
    with pytest.raises(OSError, match=r"PERMISSION_DENIED|403"):
        found.append(rows)


def test_a_boundary_is_for_one_folder_of_one_bucket() -> None:
    (rule,) = gcs_tokens.boundary("gs://lake-house/warehouse/sales/it's", "read")["accessBoundary"][
        "accessBoundaryRules"
    ]
    assert rule["availableResource"] == "//storage.googleapis.com/projects/_/buckets/lake-house"
    assert rule["availablePermissions"] == ["inRole:roles/storage.objectViewer"]
    assert rule["availabilityCondition"]["expression"] == (
        r"resource.name.startsWith('projects/_/buckets/lake-house/objects/warehouse/sales/it\'s/')"
        r" || api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('warehouse/sales/it\'s/')"
    )


def test_googles_own_service_is_asked_where_the_settings_name_no_other() -> None:
    environment = servers.catalog_environment(None, "state.db", **ON_GOOGLE)  # type: ignore[arg-type]
    given = settings.from_environment(environment)
    assert given.gcs_token_endpoint == "https://sts.googleapis.com/v1/token"
    assert given.gcs_iam_endpoint == "https://iamcredentials.googleapis.com"
    assert "ya29.own" not in repr(given)
