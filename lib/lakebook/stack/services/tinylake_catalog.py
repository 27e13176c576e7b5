"""tinylake's Iceberg REST catalog, on PostgreSQL where the profile has a database, else on SQLite."""

from __future__ import annotations

import json
from typing import Any

from lakebook.stack import database, health, python_module
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site

_WAREHOUSE = "lake"
# What each token's principal may do. Those of `principals` may do it in namespaces whose names end in their own.
_TOKENS: dict[str, dict[str, Any]] = {
    "writer_token": {"grant": "write"},
    "reader_token": {"grant": "read"},
    "engine_token": {"grant": "write"},
    "ingestion_token": {"grant": "write"},
    "expired_token": {"grant": "write", "expires_at": "2001-01-01T00:00:00Z"},
    "alice_token": {"grant": "write", "namespaces": ["*_alice"]},
    "bob_token": {"grant": "write", "namespaces": ["*_bob"]},
}


def _launch(site: Site) -> Launch:
    storage = site.others["storage"]
    tokens = {
        site.secrets[name]: {"principal": name.removesuffix("_token"), **allowed} for name, allowed in _TOKENS.items()
    }
    return python_module.launch(
        site,
        *("--host", LOOPBACK, "--port", str(site.port)),
        environment={
            "TINYLAKE_CATALOG_DATABASE": database.url(site),
            "TINYLAKE_CATALOG_WAREHOUSE": _WAREHOUSE,
            "TINYLAKE_CATALOG_LOCATION": f"s3://{storage.values['warehouse_bucket']}/warehouse",
            "TINYLAKE_CATALOG_S3_ENDPOINT": storage.url,
            "TINYLAKE_CATALOG_S3_REGION": storage.values["region"],
            "TINYLAKE_CATALOG_S3_ACCESS_KEY_ID": storage.secrets["catalog_key"],
            "TINYLAKE_CATALOG_S3_SECRET_ACCESS_KEY": storage.secrets["catalog_secret"],
            "TINYLAKE_CATALOG_VENDING": storage.values["vending"],
            "TINYLAKE_CATALOG_ROLE_ARN": storage.values.get("role_arn", ""),
            "TINYLAKE_CATALOG_S3_ADDRESSING": storage.values.get("addressing", "path"),
            "TINYLAKE_CATALOG_STS_ENDPOINT": storage.values.get("sts_address", ""),
            "TINYLAKE_CATALOG_CREDENTIAL_SECONDS": str(_credential_seconds(site)),
            "TINYLAKE_CATALOG_TOKENS": json.dumps(tokens),
        },
    )


def _credential_seconds(site: Site) -> int:
    """Return how long credentials are to last: no shorter than the store can make it."""
    shortest = site.others["storage"].values.get("shortest_session_seconds", "1")
    return max(int(site.settings["credential_seconds"]), int(shortest))


def _version(site: Site) -> str | None:
    return health.version(f"{site.url}/health")


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.url, {"warehouse": _WAREHOUSE, "prefix": _WAREHOUSE}, site.secrets)


SERVICE = Service(
    kind="tinylake_catalog",
    sentence="a small Iceberg REST catalog that vends credentials for one table by assuming a role",
    needs=("storage",),
    wants=("database",),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"module": "tinylake.catalog", "credential_seconds": 900},
    generates=tuple(_TOKENS),
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
            "principals",
            "durable",
            "nested_namespaces",
            "views",
            "multi_table_commit",
            "remote_signing",
        }
    ),
    lacks={"sets_up": "tinylake's catalog has no API to be set up: its one warehouse stands in its settings"},
)
