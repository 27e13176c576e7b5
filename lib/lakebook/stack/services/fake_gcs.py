"""fake-gcs-server: Google's cloud storage, emulated in memory; it asks nobody who they are."""

from __future__ import annotations

import httpx

from lakebook import web
from lakebook.stack import build_info, object_store, part, warehouse
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_VERSION = "v1.56.1"
_BINARY = part.go_binary("fake-gcs-server", f"github.com/fsouza/fake-gcs-server@{_VERSION}")
_PROJECT = "lakebook"
_OPEN = "the emulator asks nobody who they are: there is nothing to vend, and nothing is refused"


def _launch(site: Site) -> Launch:
    where = ("-scheme", "http", "-host", LOOPBACK, "-port", str(site.port), "-external-url", site.url)
    return Launch((str(_BINARY.path()), *where, "-backend", "memory", "-log-level", "warn"), {})


def _version(site: Site) -> str | None:
    """Return the version that stands in the program; the server states none."""
    try:
        answer = web.get(f"{site.url}/_internal/healthcheck", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    if not answer.is_success:
        return None
    stated = None if site.address else build_info.module_version(_BINARY.path())
    return stated.removeprefix("v") if stated else "unknown"


def _publish(site: Site) -> Endpoint:
    """Create the buckets, those that are there already excepted."""
    for bucket in object_store.BUCKETS:
        made = web.post(
            f"{site.url}/storage/v1/b", params={"project": _PROJECT}, json={"name": bucket}, timeout=TIMEOUTS.http
        )
        if made.status_code != httpx.codes.CONFLICT:
            made.raise_for_status()
    return Endpoint(
        site.url,
        {
            warehouse.LOCATION: f"gs://{object_store.WAREHOUSE_BUCKET}/warehouse",
            "vending": "none",
            warehouse.UNWATCHED: "PyArrow keeps Python's lock while it waits for Google's storage",
            f"{warehouse.PROPERTY}gcs.service.host": site.url,
            f"{warehouse.PROPERTY}py-io-impl": "lakebook.lake.cloud_io.GcsEmulatorIO",
        },
    )


SERVICE = Service(
    kind="fake_gcs",
    sentence="Google's cloud storage, emulated by a Go program that enforces nothing; tables lie there",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    keeps="gs",
    parts=(_BINARY,),
    lacks={
        **dict.fromkeys(("vends", "sts", "refresh_credentials"), _OPEN),
        "remote_signing": "requests to Google's storage are not signed one by one",
        "duckdb": "DuckDB reads Google's storage by its S3 interface, which the emulator does not have",
    },
)
