"""Signatures for Azure storage, against Azurite, which enforces them, and as they are for Azure itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import catalog_wire as wire
import pyarrow as pa
import pytest
import servers
import stores
import warehouses
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import ContainerClient
from pyiceberg.catalog.rest import RestCatalog

from tinylake.catalog import azure_sas, delegation, settings
from tinylake.catalog.pointers import Pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from warehouses import Warehouse

HOST = "lakebook.dfs.core.windows.net"
TOKEN, EXPIRY = f"adls.sas-token.{HOST}", f"adls.sas-token-expires-at-ms.{HOST}"
TABLE = "/namespaces/sales/tables/orders"
ROWS = pa.table({"id": [1]})
ON_AZURE = {"LOCATION": f"abfss://lake-house@{HOST}/warehouse", "AZURE_ACCOUNT_KEY": "bm90LWEta2V5"}
ORDERS = Pointer("11111111-1111-1111-1111-111111111111", f"abfss://lake-house@{HOST}/warehouse/sales/orders/", "")


@pytest.fixture(scope="module", params=stores.here("azurite"))
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with warehouses.on_azure(tmp_path_factory.mktemp("azurite")) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def catalog(azurite: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Catalog]:
    with servers.catalog(None, tmp_path_factory.mktemp("catalog"), **azurite.settings) as running:
        with running.http() as client:
            client.post("/namespaces", json={"namespace": ["sales"]})
            wire.create(client, "sales")
        yield running


def vended(catalog: servers.Catalog, token: str) -> dict[str, str]:
    with catalog.http(token, **wire.DELEGATED) as client:
        return dict(client.get(TABLE).json()["config"])


def container(config: dict[str, str], name: str, *, token: str | None = None) -> ContainerClient:
    address = config[f"adls.connection-string.{HOST}"]
    return ContainerClient(address, name, credential=token or config[TOKEN], retry_total=0)


def warehouse_of(azurite: Warehouse) -> str:
    return azurite.location.removeprefix("abfss://").partition("@")[0]


def refused(call: Callable[..., Any], *arguments: Any, **more: Any) -> bool:
    try:
        call(*arguments, **more)
    except HttpResponseError as error:
        return error.status_code == 403
    return False


def test_a_write_grant_reads_writes_lists_and_deletes(catalog: servers.Catalog, azurite: Warehouse) -> None:
    blobs = container(vended(catalog, servers.WRITER), warehouse_of(azurite))
    blobs.upload_blob("warehouse/sales/orders/data/x", b"x")
    assert blobs.download_blob("warehouse/sales/orders/data/x").readall() == b"x"
    assert "warehouse/sales/orders/data/x" in list(blobs.list_blob_names())
    blobs.delete_blob("warehouse/sales/orders/data/x")
    assert "warehouse/sales/orders/data/x" not in list(blobs.list_blob_names())


def test_a_read_grant_reads_and_never_writes(catalog: servers.Catalog, azurite: Warehouse) -> None:
    blobs = container(vended(catalog, servers.READER), warehouse_of(azurite))
    (file,) = [name for name in blobs.list_blob_names() if name.endswith(".metadata.json")]
    assert blobs.download_blob(file).readall().startswith(b"{")
    assert refused(blobs.upload_blob, "warehouse/sales/orders/data/x", b"x")
    assert refused(blobs.upload_blob, file, b"x", overwrite=True)
    assert refused(blobs.delete_blob, file)
    assert blobs.download_blob(file).readall().startswith(b"{")


def test_another_container_and_a_changed_token_are_refused(catalog: servers.Catalog, azurite: Warehouse) -> None:
    config = vended(catalog, servers.WRITER)
    elsewhere = container(config, warehouses.ELSEWHERE)
    assert refused(elsewhere.upload_blob, "x", b"x")
    assert refused(lambda: list(elsewhere.list_blob_names()))
    reading = vended(catalog, servers.READER)
    wider = reading[TOKEN].replace("sp=rl", "sp=racwdl")
    assert wider != reading[TOKEN]
    widened = container(reading, warehouse_of(azurite), token=wider)
    assert refused(widened.upload_blob, "warehouse/sales/orders/data/x", b"x")


def test_a_token_ends_when_the_catalog_says(azurite: Warehouse, tmp_path: Path) -> None:
    asked = {**azurite.settings, "CREDENTIAL_SECONDS": "3"}
    with servers.catalog(None, tmp_path, **asked) as brief, brief.http() as client:
        client.post("/namespaces", json={"namespace": ["brief"]})
        before = time.time()
        config = wire.create(client, "brief", headers=wire.DELEGATED)["config"]
        stated = int(config[EXPIRY]) / 1000
        assert before + 1 < stated <= time.time() + 3
        blobs = container(config, warehouse_of(azurite))
        name = "warehouse/brief/orders/data/x"
        blobs.upload_blob(name, b"x")
        servers.poll("refusal of an expired token", lambda: refused(blobs.get_blob_client(name).get_blob_properties))
        assert abs(time.time() - stated) < 1.5
        again = client.get(f"{brief.uri}/{config['adls.refresh-credentials-endpoint']}").json()
        (credential,) = again["storage-credentials"]
        fresh = container(credential["config"], warehouse_of(azurite))
        assert fresh.download_blob(name).readall() == b"x"


def test_an_answer_has_the_words_of_java_and_of_pyiceberg(catalog: servers.Catalog, azurite: Warehouse) -> None:
    config = vended(catalog, servers.WRITER)
    authority = azurite.settings["AZURE_ENDPOINT"].removeprefix("http://")
    where = {
        "adls.account-name": "lakebook",
        "adls.blob-storage-authority": authority,
        "adls.blob-storage-scheme": "http",
        "adls.dfs-storage-authority": authority,
        "adls.dfs-storage-scheme": "http",
        f"adls.connection-string.{HOST}": f"http://{authority}/lakebook",
    }
    refresh = f"v1/lake{TABLE}/credentials"
    secret = {TOKEN: config[TOKEN], EXPIRY: config[EXPIRY], "adls.sas-token": f"?{config[TOKEN]}"}
    assert config == {**where, **secret, "adls.refresh-credentials-endpoint": refresh}
    with catalog.http() as client:
        assert client.get(TABLE).json()["config"] == where
        assert client.get(f"{catalog.uri}/v1/config").json()["defaults"] == where


def test_the_accounts_key_is_told_to_nobody(catalog: servers.Catalog, azurite: Warehouse) -> None:
    with catalog.http(**wire.DELEGATED) as client:
        told = [client.get(path).text for path in (f"{catalog.uri}/v1/config", TABLE, f"{TABLE}/credentials")]
    assert "adls.sas-token" in told[1]
    for text in (*told, catalog.server.log.read_text()):
        assert azurite.settings["AZURE_ACCOUNT_KEY"] not in text


def test_a_reader_reads_by_pyiceberg_and_cannot_append(catalog: servers.Catalog, azurite: Warehouse) -> None:
    def table(token: str) -> Any:
        pyiceberg = RestCatalog("lake", uri=catalog.uri, warehouse="lake", token=token, **azurite.io)
        return pyiceberg.load_table(("sales", "rows"))

    with catalog.http() as client:
        wire.create(client, "sales", "rows")
    table(servers.WRITER).append(ROWS)
    assert table(servers.READER).scan().to_arrow().to_pylist() == [{"id": 1}]
    with pytest.raises(OSError, match="403"):
        table(servers.READER).append(ROWS)


def on_azure_itself(folder: Path) -> settings.Settings:
    return settings.from_environment(servers.catalog_environment(None, folder / "catalog.db", **ON_AZURE))


@pytest.mark.parametrize(("grant", "permissions"), [("read", "rl"), ("write", "racwdl")])
def test_a_directorys_token_names_the_tables_folder(tmp_path: Path, grant: settings.Grant, permissions: str) -> None:
    config = azure_sas.credentials(on_azure_itself(tmp_path), ORDERS, grant)
    fields = parse_qs(config["adls.sas-token"].removeprefix("?"), strict_parsing=True)
    assert fields["sr"] == ["d"]
    assert fields["sdd"] == ["3"]  # warehouse/sales/orders
    assert fields["sp"] == [permissions]
    assert fields["se"] == [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(config[EXPIRY]) / 1000))]


def test_another_tables_token_has_another_signature(tmp_path: Path) -> None:
    given = on_azure_itself(tmp_path)
    expires_at = azure_sas.expiry(given)
    orders, sales = (
        azure_sas.sign(given, f"abfss://lake-house@{HOST}/warehouse/sales/{name}/", "write", expires_at)
        for name in ("orders", "sales")
    )
    assert orders.partition("sig=")[0] == sales.partition("sig=")[0]
    assert orders != sales


def test_on_azure_itself_clients_are_told_the_account_alone(tmp_path: Path) -> None:
    assert delegation.store(on_azure_itself(tmp_path)) == {"adls.account-name": "lakebook"}
