"""Azurite: Azure's blob storage, emulated; shared keys and signatures (SAS) are enforced, data are on disk."""

from __future__ import annotations

import base64
import re
from contextlib import suppress

import httpx

from lakebook import web
from lakebook.stack import azure, object_store, part
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_ACCOUNT = "lakebook"
_FLAT = "Azurite has no directories: a signature of Azure's is for a whole container there"
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
    """Create the container, where there is none."""
    from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415 - slow to import
    from azure.storage.blob import ContainerClient  # noqa: PLC0415

    account, container = str(site.settings["account"]) if site.address else _ACCOUNT, object_store.WAREHOUSE_BUCKET
    with suppress(ResourceExistsError):
        ContainerClient(f"{site.url}/{account}", container, credential=_key(site)).create_container()
    return azure.endpoint(site.url, account, _key(site), container, sas="container", emulator=True)


SERVICE = Service(
    kind="azurite",
    sentence="Azure's blob storage, emulated by an npm package; tables lie there, and signatures for it are vended",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    keeps="abfss",
    settings={"account": _ACCOUNT, "account_key": ""},
    generates=("account_key",),
    parts=(_BLOBS,),
    lacks={
        **azure.LACKS,
        **dict.fromkeys(("scoped_list", "scoped_copy"), _FLAT),
        "part_copies": _FLAT,
        "duckdb": "DuckDB asks Azure by its interface for directories, which Azurite does not have",
    },
)
