"""tinylake's Iceberg REST catalog, on PostgreSQL where the profile has a database, else on SQLite."""

from __future__ import annotations

import json
from typing import Any

from lakebook.stack import database, health, python_module, warehouse
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import EVERYWHERE, Endpoint, Launch, Service, Site

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
    tokens = {
        site.secrets[name]: {"principal": name.removesuffix("_token"), **allowed} for name, allowed in _TOKENS.items()
    }
    return python_module.launch(
        site,
        *("--host", LOOPBACK, "--port", str(site.port)),
        environment={
            "TINYLAKE_CATALOG_DATABASE": database.url(site),
            "TINYLAKE_CATALOG_WAREHOUSE": _WAREHOUSE,
            "TINYLAKE_CATALOG_LOCATION": warehouse.location(warehouse.of(site.others)),
            **_store(warehouse.of(site.others)),
            "TINYLAKE_CATALOG_CREDENTIAL_SECONDS": str(_credential_seconds(site)),
            "TINYLAKE_CATALOG_TOKENS": json.dumps(tokens),
        },
    )


def _store(store: Endpoint) -> dict[str, str]:
    """Return how it reaches the store of its tables, and vends on it."""
    match warehouse.location(store).partition("://")[0]:
        case "file":
            return {}
        case "gs":
            return {
                "TINYLAKE_CATALOG_GCS_ENDPOINT": store.url,
                "TINYLAKE_CATALOG_GCS_TOKEN": store.secrets["catalog_token"],
                "TINYLAKE_CATALOG_GCS_TOKEN_ENDPOINT": f"{store.url}/v1/token",
                "TINYLAKE_CATALOG_GCS_IAM_ENDPOINT": store.url,
                "TINYLAKE_CATALOG_GCS_SERVICE_ACCOUNT": store.values["service_account"],
            }
        case "abfss":
            return {
                "TINYLAKE_CATALOG_AZURE_ENDPOINT": store.values["emulator"],
                "TINYLAKE_CATALOG_AZURE_ACCOUNT_KEY": warehouse.own_key(store)["adls.account-key"],
                "TINYLAKE_CATALOG_AZURE_SAS": store.values["sas"],
            }
    return {
        "TINYLAKE_CATALOG_S3_ENDPOINT": store.url,
        "TINYLAKE_CATALOG_S3_REGION": store.values["region"],
        "TINYLAKE_CATALOG_S3_ACCESS_KEY_ID": store.secrets["catalog_key"],
        "TINYLAKE_CATALOG_S3_SECRET_ACCESS_KEY": store.secrets["catalog_secret"],
        "TINYLAKE_CATALOG_VENDING": store.values["vending"],
        "TINYLAKE_CATALOG_ROLE_ARN": store.values.get("role_arn", ""),
        "TINYLAKE_CATALOG_S3_ADDRESSING": store.values.get("addressing", "path"),
        "TINYLAKE_CATALOG_STS_ENDPOINT": store.values.get("sts_address", ""),
    }


def _credential_seconds(site: Site) -> int:
    """Return how long credentials are to last: no shorter than the store can make it."""
    return max(int(site.settings["credential_seconds"]), warehouse.shortest_session(warehouse.of(site.others)))


def _version(site: Site) -> str | None:
    return health.version(f"{site.url}/health")


def _publish(site: Site) -> Endpoint:
    keys = "own" if warehouse.of(site.others).values.get("vending") == "none" else "vended"
    return Endpoint(site.url, {"warehouse": _WAREHOUSE, "prefix": _WAREHOUSE, "credentials": keys}, site.secrets)


SERVICE = Service(
    kind="tinylake_catalog",
    sentence="a small Iceberg REST catalog that vends credentials for one table by assuming a role",
    needs=("storage",),
    wants=("database", "warehouse"),
    launch=_launch,
    version=_version,
    publish=_publish,
    reaches=EVERYWHERE,
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
