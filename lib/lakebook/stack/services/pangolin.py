"""Pangolin: a multi-tenant Iceberg REST catalog, from a `pangolin_api` binary on the PATH, or by address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from lakebook import secret, web
from lakebook.errors import ConfigurationError
from lakebook.stack import database, part
from lakebook.stack.pangolin_api import Api
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TENANT, _ADMIN, _WAREHOUSE, _CATALOG = "lakebook", "lakebook-admin", "lakebook", "lake"
_STORES = ("memory", "sqlite", "postgres", "mongodb")
_RELEASE = "0.6.0"
_SOURCE, _TAG = "https://github.com/AlexMercedCoder/Pangolin", f"v{_RELEASE}"
_OF_LATER = ("Catalog or table not found", "Catalog, table or warehouse not found")  # in openapi.json of 0.8.0


BINARY = part.Part(
    "pangolin_api",
    lambda: part.which("pangolin_api"),
    lambda: (("cargo", "install", "--git", _SOURCE, "--tag", _TAG, "--locked", "pangolin_api"),),
)


def _launch(site: Site) -> Launch:
    storage = site.others["storage"]
    return Launch(
        (str(BINARY.path()),),
        {
            "PANGOLIN_BIND_ADDRESS": LOOPBACK,
            "PORT": str(site.port),
            **_store(site),
            "PANGOLIN_ROOT_USER": str(site.settings["root_user"]),
            "PANGOLIN_ROOT_PASSWORD": site.secrets["root_password"],
            "PANGOLIN_JWT_SECRET": site.secrets["jwt_secret"],
            "AWS_ACCESS_KEY_ID": storage.secrets["catalog_key"],
            "AWS_SECRET_ACCESS_KEY": storage.secrets["catalog_secret"],
            "AWS_REGION": storage.values["region"],
            "AWS_ENDPOINT_URL": storage.url,
            "S3_ENDPOINT": storage.url,
        },
    )


def _store(site: Site) -> dict[str, str]:
    """Return where it keeps its metadata, in its own words. Raises ConfigurationError for a store it does not have."""
    store = str(site.settings["store"])
    if store not in _STORES:
        raise ConfigurationError(f"pangolin has no store {store}", expected=" or ".join(_STORES), got=store)
    if store in {"memory", "sqlite"}:
        url = f"sqlite://{site.folder / 'pangolin.db'}?mode=rwc" if store == "sqlite" else ""
        return {"PANGOLIN_STORAGE_TYPE": store, "DATABASE_URL": url}
    if store == "mongodb":
        connection, name = database.mongodb(site)
        return {"PANGOLIN_STORAGE_TYPE": "mongo", "DATABASE_URL": connection, "MONGO_DB_NAME": name}
    if "database" not in site.others:
        raise ConfigurationError("pangolin on postgres needs a database", todo="database: {service: postgres}")
    url = database.url(site).replace("postgresql+psycopg://", "postgres://", 1)
    return {"PANGOLIN_STORAGE_TYPE": store, "DATABASE_URL": url}


def _version(site: Site) -> str | None:
    """Return the version that the profile states, as stated, with the digest of a binary: Pangolin says none itself.

    Where that is the release whose failures are known, and the API is described as a later one does it, it is unstated.
    """
    try:
        ready = web.get(f"{site.url}/health/ready", timeout=TIMEOUTS.service_probe)
        described = web.get(f"{site.url}/api-docs/openapi.json", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    if not ready.is_success:
        return None
    stated = str(site.settings["version"])
    if stated == _RELEASE and any(text in described.text for text in _OF_LATER):
        return f"unstated: its API is described otherwise than that of {_RELEASE}"
    return f"{stated}+stated" if site.address else f"{stated}+stated.sha256.{_digest(BINARY.path())}"


@cache
def _digest(binary: Path) -> str:
    return hashlib.sha256(binary.read_bytes()).hexdigest()[:12]


def _publish(site: Site) -> Endpoint:
    """Set up tenant, tenant admin, warehouse and catalog through its API, or find them there from another time.

    A warehouse or catalog that is there for another store, or gives keys in another way, is changed. Raises
    ServiceError, which says what differs, where Pangolin does not change it.
    """
    root, storage = _as_root(site), site.others["storage"]
    tenant = root.made("tenants", {"name": _TENANT})["id"]
    user = {
        "username": _ADMIN,
        "email": "lakebook@example.invalid",
        "password": _secret(site, "admin_password"),
        "role": "tenant-admin",
        "tenant_id": tenant,
    }
    root.made("users", user, by="username", headers={"X-Pangolin-Tenant": tenant})
    token, admin = _as_admin(site, tenant)
    admin.as_asked("warehouses", {"name": _WAREHOUSE, **_warehouse(site, storage)})
    place = f"s3://{storage.values['warehouse_bucket']}/pangolin"
    gives = site.settings["credentials"] != "client"
    catalog = {"name": _CATALOG, "catalog_type": "Local", "storage_location": place}
    admin.as_asked("catalogs", {**catalog, "warehouse_name": _WAREHOUSE if gives else None})
    tokens = {f"{name}_token": token for name in ("writer", "reader", "engine", "ingestion")}
    known = {"warehouse": _WAREHOUSE, "prefix": _CATALOG, "untold_prefix": _CATALOG}
    return Endpoint(site.url, {**known, "credentials": "vended" if gives else "own"}, {**site.secrets, **tokens})


def _inventory(site: Site) -> dict[str, list[dict[str, Any]]]:
    """Return what its API lists: every tenant, and the warehouses and catalogs of the one that was set up."""
    tenants = _as_root(site).listed("tenants")
    tenant = next(one["id"] for one in tenants if one["name"] == _TENANT)
    _, admin = _as_admin(site, tenant)
    return {"tenants": tenants, "warehouses": admin.listed("warehouses"), "catalogs": admin.listed("catalogs")}


def _as_root(site: Site) -> Api:
    return Api(site.url, auth=(str(site.settings["root_user"]), _secret(site, "root_password")))


def _as_admin(site: Site, tenant: str) -> tuple[str, Api]:
    """Return a new token of the tenant's admin, and the API as it may use it."""
    login = {"username": _ADMIN, "password": _secret(site, "admin_password"), "tenant_id": tenant}
    token = str(Api(site.url).sent("POST", "users/login", login, expect=(200,))["token"])
    if site.settings["store"] == "sqlite" and not site.address:
        token = _without_id(token, site.secrets["jwt_secret"])
    secret.remember([token])
    return token, Api(site.url, headers={"Authorization": f"Bearer {token}"})


def _without_id(token: str, key: str) -> str:
    """Return a JSON web token without its id, signed anew: on SQLite Pangolin 0.6.0 dies of every token that has one.

    It looks whether the id was revoked, and for ever (reproductions/pangolin/sqlite.py). Source: RFC 7515.
    """
    header, payload, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims.pop("jti", None)
    signed = f"{header}.{_encoded(json.dumps(claims).encode())}"
    return f"{signed}.{_encoded(hmac.digest(key.encode(), signed.encode(), hashlib.sha256))}"


def _encoded(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode()


def _secret(site: Site, name: str) -> str:
    """Return a password that was drawn for this stack; of a Pangolin that is there already, the profile's."""
    return str(site.settings[name] if site.address else site.secrets[name])


def _warehouse(site: Site, storage: Endpoint) -> dict[str, Any]:
    key, own = storage.secrets["catalog_key"], storage.secrets["catalog_secret"]
    strategies: dict[str, Any] = {
        "sts": {"AwsSts": {"role_arn": site.settings["role_arn"], "external_id": None}},
        "static": {"AwsStatic": {"access_key_id": key, "secret_access_key": own}},
        "client": "None",
    }
    strategy = strategies[str(site.settings["credentials"])]
    return {
        "use_sts": site.settings["credentials"] == "sts",
        "vending_strategy": strategy,
        "storage_config": {
            "type": "s3",
            "s3.bucket": storage.values["warehouse_bucket"],
            "s3.endpoint": storage.url,
            "s3.region": storage.values["region"],
            "s3.path-style-access": "true",
            "s3.access-key-id": key,
            "s3.secret-access-key": own,
        },
    }


def _lacks_with(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what a store, and a way to give credentials, take away."""
    own = {"durable": "pangolin keeps its metadata in memory here"} if settings["store"] == "memory" else {}
    if settings["credentials"] == "static":
        own |= {"sts": "pangolin is set up to give the key of its warehouse here"}
    if settings["credentials"] == "client":
        own |= dict.fromkeys(("vends", "sts"), "pangolin is set up to leave credentials to its clients here")
    return own


SERVICE = Service(
    kind="pangolin",
    sentence="a multi-tenant Iceberg REST catalog; tenant, admin, warehouse and catalog are set up through its own API",
    needs=("storage",),
    wants=("database",),
    launch=_launch,
    version=_version,
    publish=_publish,
    parts=(BINARY,),
    settings={
        "store": "memory",
        "credentials": "sts",
        "role_arn": "arn:aws:iam::123456789012:role/lakebook",
        "version": _RELEASE,
        "root_user": "root",
        "root_password": "",
        "admin_password": "",
    },
    generates=("root_password", "admin_password", "jwt_secret"),
    has=frozenset({"vends", "sts", "auth", "durable", "sets_up"}),
    lacks={
        "views": "views of Pangolin 0.6.0 have a form of their own, and are neither listed nor replaced nor dropped",
        "multi_table_commit": "Pangolin 0.6.0 has no route for a commit to several tables",
        "nested_namespaces": "Pangolin 0.6.0 makes a namespace inside of another, and lists it beside that",
        "remote_signing": "Pangolin 0.6.0 signs no requests",
        "refresh_credentials": "Pangolin 0.6.0 names no endpoint for new credentials",
        "expiry": "the keys that Pangolin 0.6.0 gives do not expire",
        "read_grants": "Pangolin 0.6.0 gives the same key to everyone who may load a table",
        "principals": "one user of Pangolin is set up here, who may do everything",
    },
    inventory=_inventory,
    lacks_with=_lacks_with,
)
