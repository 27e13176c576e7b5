"""Warehouses in every kind of store: what the catalog is told of one, how PyIceberg reaches it, and what lies there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import servers
import stores
from azure.storage.blob import ContainerClient
from pyarrow import fs

from lakebook.stack import object_store, ports, warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEVER = datetime(2100, 1, 1, tzinfo=UTC)
ELSEWHERE = "elsewhere"  # a container beside the warehouse's


@dataclass(frozen=True, slots=True)
class Warehouse:
    """One store with a warehouse in it; `files` lists all locations there, `remove` takes one of them away."""

    settings: dict[str, str] = field(repr=False)  # the catalog's, without their prefix
    stranded: dict[str, str]  # those of them that differ where the store does not answer
    refused: dict[str, str]  # those with which the store answers, and refuses; local files have none
    io: dict[str, str]  # what PyIceberg is told beside what the catalog tells it
    files: Callable[[], list[str]]
    remove: Callable[[str], None]
    vended: str = ""  # the property that holds what is vended

    @property
    def location(self) -> str:
        """The warehouse's own, without a last slash."""
        return self.settings["LOCATION"]


@contextmanager
def on_s3(folder: Path) -> Iterator[Warehouse]:
    with servers.moto(folder) as store:
        settings, s3 = servers.on_moto(store), store.client("s3")
        stranded = {"S3_ENDPOINT": f"http://127.0.0.1:{ports.free()}"}
        root = f"s3://{store.bucket}/"
        yield Warehouse(
            settings,
            stranded,
            {"S3_SECRET_ACCESS_KEY": "another-key-than-its-own"},
            {},
            lambda: [f"{root}{key}" for key in store.keys("")],
            lambda location: s3.delete_object(Bucket=store.bucket, Key=location.removeprefix(root)),
            "s3.session-token",
        )


@contextmanager
def on_azure(folder: Path) -> Iterator[Warehouse]:
    with stores.running("azurite", folder) as store:
        key, account = warehouse.own_key(store.endpoint)["adls.account-key"], "lakebook"
        name = object_store.WAREHOUSE_BUCKET
        root = f"abfss://{name}@{account}.dfs.core.windows.net/"
        blobs, other = (
            ContainerClient(f"{store.endpoint.url}/{account}", one, credential=key) for one in (name, ELSEWHERE)
        )
        other.create_container()
        yield Warehouse(
            {
                "LOCATION": f"{root}warehouse",
                "AZURE_ENDPOINT": store.endpoint.url,
                "AZURE_ACCOUNT_KEY": key,
                "AZURE_SAS": "container",
            },
            {"AZURE_ENDPOINT": f"http://127.0.0.1:{ports.free()}"},
            {"AZURE_ACCOUNT_KEY": "YW5vdGhlci1rZXktdGhhbi1pdHMtb3du"},
            {"py-io-impl": warehouse.properties(store.endpoint)["py-io-impl"]},
            lambda: [f"{root}{name}" for name in blobs.list_blob_names()],
            lambda location: blobs.delete_blob(location.removeprefix(root)),
            "adls.sas-token",
        )


@contextmanager
def on_gcs(folder: Path) -> Iterator[Warehouse]:
    with stores.running("fake_gcs", folder) as store:
        bucket = object_store.WAREHOUSE_BUCKET
        token, address = store.endpoint.secrets["catalog_token"], store.endpoint.url
        objects = fs.GcsFileSystem(
            access_token=token,
            credential_token_expiration=NEVER,
            scheme="http",
            endpoint_override=urlsplit(address).netloc,
        )
        all_of_it = fs.FileSelector(bucket, recursive=True)
        yield Warehouse(
            {
                "LOCATION": f"gs://{bucket}/warehouse",
                "GCS_ENDPOINT": address,
                "GCS_TOKEN": token,
                "GCS_TOKEN_ENDPOINT": f"{address}/v1/token",
                "GCS_IAM_ENDPOINT": address,
                "GCS_SERVICE_ACCOUNT": store.endpoint.values["service_account"],
            },
            {"GCS_ENDPOINT": f"http://127.0.0.1:{ports.free()}"},
            {"GCS_TOKEN": "another-token-than-its-own"},
            {"header.X-Iceberg-Access-Delegation": "vended-credentials"},
            lambda: [f"gs://{found.path}" for found in objects.get_file_info(all_of_it)],
            lambda location: objects.delete_file(location.removeprefix("gs://")),
            "gcs.oauth2.token",
        )


@contextmanager
def on_this_machine(folder: Path) -> Iterator[Warehouse]:
    root = folder / "lake"
    (folder / "no-folder").write_text("a file")
    yield Warehouse(
        {"LOCATION": f"file://{root}/warehouse"},
        {"LOCATION": f"file://{folder}/no-folder/warehouse"},
        {},
        {},
        lambda: [f"file://{found}" for found in root.rglob("*")],
        lambda location: Path(location.removeprefix("file://")).unlink(),
    )


EVERY = {"moto": on_s3, "azurite": on_azure, "fake_gcs": on_gcs, "": on_this_machine}


def here() -> list[str]:
    """The kinds of store whose parts are on this machine; local files have no service."""
    return [*stores.here(*filter(None, EVERY)), ""]
