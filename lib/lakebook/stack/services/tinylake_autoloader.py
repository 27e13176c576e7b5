"""tinylake's ingestion service, on SQLite."""

from __future__ import annotations

import sys

from lakebook import login
from lakebook.stack import health
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site

_CATALOG = "lake"


def _launch(site: Site) -> Launch:
    storage, catalog = site.others["storage"], site.others["catalog"]
    return Launch(
        (sys.executable, "-m", site.settings["module"], "--host", LOOPBACK, "--port", str(site.port)),
        {
            "TINYLAKE_AUTOLOADER_DATABASE": f"sqlite:///{site.folder / 'autoloader.db'}",
            "TINYLAKE_AUTOLOADER_CATALOG_URI": catalog.url,
            "TINYLAKE_AUTOLOADER_CATALOG_NAME": _CATALOG,
            "TINYLAKE_AUTOLOADER_CATALOG_WAREHOUSE": catalog.values["warehouse"],
            "TINYLAKE_AUTOLOADER_CATALOG_TOKEN": login.of(catalog.values, catalog.secrets, "ingestion").bearer(),
            "TINYLAKE_AUTOLOADER_S3_ENDPOINT": storage.url,
            "TINYLAKE_AUTOLOADER_S3_REGION": storage.values["region"],
            **(_own_key(storage) if catalog.values.get("credentials") == "own" else {}),
        },
    )


def _own_key(storage: Endpoint) -> dict[str, str]:
    return {
        "TINYLAKE_AUTOLOADER_S3_ACCESS_KEY_ID": storage.secrets["engine_key"],
        "TINYLAKE_AUTOLOADER_S3_SECRET_ACCESS_KEY": storage.secrets["engine_secret"],
    }


def _version(site: Site) -> str | None:
    return health.version(f"{site.url}/health")


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.url, {"catalog": _CATALOG, "cluster_id": "local"})


SERVICE = Service(
    kind="tinylake_autoloader",
    sentence="a small ingestion service: JSON files in, Iceberg tables out, exactly once",
    needs=("storage", "catalog"),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"module": "tinylake.autoloader"},
)
