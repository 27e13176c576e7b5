"""tinylake's ingestion service, on PostgreSQL where the profile has a database, else on SQLite."""

from __future__ import annotations

import json

from lakebook import login
from lakebook.stack import database, health, object_store, python_module, warehouse
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import EVERYWHERE, Endpoint, Launch, Service, Site

CATALOG = "lake"


def launch(site: Site) -> Launch:
    """Return how to start it; beside an engine that it can load with, it is told of that."""
    storage, catalog, tables = site.others["storage"], site.others["catalog"], warehouse.of(site.others)
    own = catalog.values.get("credentials") == "own"
    known = login.of(catalog.values, catalog.secrets, "ingestion")
    return python_module.launch(
        site,
        *("--host", LOOPBACK, "--port", str(site.port)),
        environment={
            **object_store.environment(storage.values),
            "TINYLAKE_AUTOLOADER_DATABASE": database.url(site),
            "TINYLAKE_AUTOLOADER_CATALOG_URI": catalog.url,
            "TINYLAKE_AUTOLOADER_CATALOG_NAME": CATALOG,
            "TINYLAKE_AUTOLOADER_CATALOG_WAREHOUSE": catalog.values["warehouse"],
            "TINYLAKE_AUTOLOADER_CATALOG_PREFIX": catalog.values.get("untold_prefix", ""),
            "TINYLAKE_AUTOLOADER_CATALOG_LOGIN": json.dumps(known.pyiceberg()),
            "TINYLAKE_AUTOLOADER_STORE": json.dumps(warehouse.properties(tables)),
            **_spark(site.others.get("engine")),
            "TINYLAKE_AUTOLOADER_STORE_KEYS": json.dumps(warehouse.own_key(tables) if own else {}),
        },
    )


def _spark(engine: Endpoint | None) -> dict[str, str]:
    """Return where Spark is, and the token that it demands, as PySpark's own clients find it."""
    if engine is None:
        return {}
    token = engine.secrets.get("token")
    return {
        "TINYLAKE_AUTOLOADER_SPARK_URL": engine.url,
        **({"SPARK_CONNECT_AUTHENTICATE_TOKEN": token} if token else {}),
    }


def version(site: Site) -> str | None:
    """Return its version, as its health page states it."""
    return health.version(f"{site.url}/health")


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.url, {"catalog": CATALOG, "cluster_id": "local"})


SERVICE = Service(
    kind="tinylake_autoloader",
    sentence="a small ingestion service: JSON files in, Iceberg tables out, exactly once",
    needs=("storage", "catalog"),
    wants=("database", "warehouse"),
    launch=launch,
    version=version,
    publish=_publish,
    reaches=EVERYWHERE,
    settings={"module": "tinylake.autoloader"},
)
