"""tinylake's Iceberg REST catalog, on SQLite."""

from __future__ import annotations

import json
import sys

from lakebook.stack import health
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site

_WAREHOUSE = "lake"
_GRANTS = {"writer_token": "write", "reader_token": "read", "engine_token": "write", "ingestion_token": "write"}


def _launch(site: Site) -> Launch:
    storage = site.others["storage"]
    tokens = {
        site.secrets[name]: {"principal": name.removesuffix("_token"), "grant": grant}
        for name, grant in _GRANTS.items()
    }
    return Launch(
        (sys.executable, "-m", site.settings["module"], "--host", LOOPBACK, "--port", str(site.port)),
        {
            "TINYLAKE_CATALOG_DATABASE": f"sqlite:///{site.folder / 'catalog.db'}",
            "TINYLAKE_CATALOG_WAREHOUSE": _WAREHOUSE,
            "TINYLAKE_CATALOG_LOCATION": f"s3://{storage.values['warehouse_bucket']}/warehouse",
            "TINYLAKE_CATALOG_S3_ENDPOINT": storage.url,
            "TINYLAKE_CATALOG_S3_REGION": storage.values["region"],
            "TINYLAKE_CATALOG_S3_ACCESS_KEY_ID": storage.secrets["catalog_key"],
            "TINYLAKE_CATALOG_S3_SECRET_ACCESS_KEY": storage.secrets["catalog_secret"],
            "TINYLAKE_CATALOG_CREDENTIAL_SECONDS": str(site.settings["credential_seconds"]),
            "TINYLAKE_CATALOG_TOKENS": json.dumps(tokens),
        },
    )


def _version(site: Site) -> str | None:
    return health.version(f"{site.url}/health")


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.url, {"warehouse": _WAREHOUSE, "prefix": _WAREHOUSE}, site.secrets)


SERVICE = Service(
    kind="tinylake_catalog",
    sentence="a small Iceberg REST catalog that vends credentials for one table by assuming a role",
    needs=("storage",),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"module": "tinylake.catalog", "credential_seconds": 900},
    generates=tuple(_GRANTS),
    has=frozenset(
        {
            "vends",
            "sts",
            "read_grants",
            "scoped_list",
            "scoped_copy",
            "expiry",
            "refresh_credentials",
            "auth",
            "durable",
        }
    ),
)
