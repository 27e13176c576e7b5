"""fake-gcs-server behind a gate: Google's cloud storage, emulated in memory.

The emulator asks nobody who they are. tinylake's gate before it does, by Google's own protocol: access tokens, and ones
downscoped by a Credential Access Boundary. What holds here is what Google documents, not what Google was seen to do.
"""

from __future__ import annotations

import sys

import httpx

from lakebook import web
from lakebook.stack import build_info, object_store, part, warehouse
from lakebook.stack.python_module import found
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_VERSION = "v1.56.1"
_BINARY = part.go_binary("fake-gcs-server", f"github.com/fsouza/fake-gcs-server@{_VERSION}")
_PROJECT = "lakebook"
_ACCOUNT = f"{_PROJECT}@{_PROJECT}.iam.gserviceaccount.com"


def _launch(site: Site) -> Launch:
    command = ("-m", "lakebook.stack.daemons.fake_gcs", str(site.port), site.settings["module"], str(_BINARY.path()))
    return Launch((sys.executable, *command), {"TINYLAKE_GCS_GATE_OWNER_TOKEN": _owner_token(site), **found()})


def _owner_token(site: Site) -> str:
    """Return the token that may do everything: the one drawn, or, of a gate that is there already, the profile's."""
    given = site.settings if site.address else site.secrets
    return str(given["owner_token"])


def _version(site: Site) -> str | None:
    """Return the version that stands in the program; the emulator states none."""
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
    token = _owner_token(site)
    for bucket in object_store.BUCKETS:
        made = web.post(
            f"{site.url}/storage/v1/b",
            params={"project": _PROJECT},
            headers={"Authorization": f"Bearer {token}"},
            json={"name": bucket},
            timeout=TIMEOUTS.http,
        )
        if made.status_code != httpx.codes.CONFLICT:
            made.raise_for_status()
    return Endpoint(
        site.url,
        {
            warehouse.LOCATION: f"gs://{object_store.WAREHOUSE_BUCKET}/warehouse",
            "service_account": _ACCOUNT,
            warehouse.UNWATCHED: "PyArrow keeps Python's lock while it waits for Google's storage",
            f"{warehouse.PROPERTY}gcs.service.host": site.url,
            f"{warehouse.PROPERTY}py-io-impl": "lakebook.lake.cloud_io.GcsEmulatorIO",
        },
        {"catalog_token": token, f"{warehouse.PROPERTY}gcs.oauth2.token": token},
    )


SERVICE = Service(
    kind="fake_gcs",
    sentence="Google's cloud storage, emulated by a Go program behind a gate of ours, which holds tokens to boundaries",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    keeps="gs",
    settings={"module": "tinylake.gcs_gate", "owner_token": ""},
    generates=("owner_token",),
    parts=(_BINARY,),
    lacks={
        "remote_signing": "requests to Google's storage are not signed one by one",
        "assumes_roles": "Google has no sessions of a role, and a downscoped token is not exchanged again",
        "duckdb": "DuckDB reads Google's storage by its S3 interface, which the emulator does not have",
    },
)
