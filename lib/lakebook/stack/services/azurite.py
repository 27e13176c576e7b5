"""Azurite: Azure's blob storage, emulated; shared keys and signatures (SAS) are enforced, data are on disk."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlsplit

import httpx

from lakebook import web
from lakebook.stack import object_store, part, warehouse
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_ACCOUNT = "lakebook"
_FLAT = "Azurite has no directories: a signature of Azure's is for a whole container there"
_NO_SESSIONS = "Azure has no sessions of a role: a signature is not a way to get another one"
_BLOBS = part.npm_package("azurite-blob", "azurite@3.35.0")


def _launch(site: Site) -> Launch:
    command = (str(_BLOBS.path()), "--blobHost", LOOPBACK, "--blobPort", str(site.port), "--location")
    return Launch(
        (*command, str(site.folder), "--silent", "--disableTelemetry", "--skipApiVersionCheck"),
        {"AZURITE_ACCOUNTS": f"{_ACCOUNT}:{_key(site)}"},
    )


def _key(site: Site) -> str:
    """Return the account's key: Azure's are in base64."""
    if site.address:
        return str(site.settings["account_key"])
    return base64.b64encode(site.secrets["account_key"].encode()).decode()


def _version(site: Site) -> str | None:
    """Return the version that it states even where it refuses, as it does without a key."""
    try:
        answer = web.get(site.url, timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    stated = re.search(r"Azurite-Blob/(\S+)", answer.headers.get("server", ""))
    return stated[1] if stated else None


def _publish(site: Site) -> Endpoint:
    """Create the containers."""
    from pyarrow.fs import AzureFileSystem  # noqa: PLC0415 - slow to import

    address, account = urlsplit(site.url), str(site.settings["account"]) if site.address else _ACCOUNT
    files = AzureFileSystem(
        account,
        account_key=_key(site),
        blob_storage_authority=address.netloc,
        blob_storage_scheme=address.scheme,
        dfs_storage_authority=address.netloc,
        dfs_storage_scheme=address.scheme,
    )
    for container in object_store.BUCKETS:
        files.create_dir(container)
    reached = {
        "py-io-impl": "lakebook.azure_io.AzureFileIO",
        "adls.account-name": account,
        **{f"adls.{kind}-storage-authority": address.netloc for kind in ("blob", "dfs")},
        **{f"adls.{kind}-storage-scheme": address.scheme for kind in ("blob", "dfs")},
    }
    return Endpoint(
        site.url,
        {
            warehouse.LOCATION: f"abfss://{object_store.WAREHOUSE_BUCKET}@{account}.dfs.core.windows.net/warehouse",
            "sas": "container",
            **{f"{warehouse.PROPERTY}{name}": value for name, value in reached.items()},
        },
        {f"{warehouse.PROPERTY}adls.account-key": _key(site)},
    )


SERVICE = Service(
    kind="azurite",
    sentence="Azure's blob storage, emulated by an npm package; tables lie there, and signatures for it are vended",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"account": _ACCOUNT, "account_key": ""},
    generates=("account_key",),
    parts=(_BLOBS,),
    lacks={
        "remote_signing": "requests to Azure are not signed one by one",
        "assumes_roles": _NO_SESSIONS,
        **dict.fromkeys(("scoped_list", "scoped_copy"), _FLAT),
        "part_copies": _FLAT,
        "duckdb": "DuckDB asks Azure by its interface for directories, which Azurite does not have",
    },
)
