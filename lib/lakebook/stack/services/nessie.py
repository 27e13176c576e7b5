"""Project Nessie: an Iceberg REST catalog with branches, which vends keys by a session policy of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from lakebook import web
from lakebook.errors import ConfigurationError
from lakebook.stack import database, java, object_store, part, ports
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_JAR = part.jar("org.projectnessie.nessie:nessie-quarkus:0.99.0:jar:runner")  # the newest that Maven brings
_WAREHOUSE = "lake"
_KEY = "lakebook.warehouse"  # of a name outside `nessie.`, or it is not taken for a secret's
# Shorter ones gain nothing, for it states no expiry. Of any length it refuses, with 400, those that end over a second
# before its own clock says that they should: where the store takes so long to answer (S3CredentialsResolver).
_SESSION = "PT1H"
_STATED = re.compile(r"^  version: (\S+)$", re.MULTILINE)


def _launch(site: Site) -> Launch:
    """Start it with its settings in a file of its own, for the key of the storage is among them."""
    file = site.folder / "nessie.properties"
    file.touch(mode=0o600)
    settings = {**_storage(site), **_store(site)}
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    properties = {
        "java.io.tmpdir": site.folder,
        "quarkus.config.locations": file,
        "quarkus.http.host": LOOPBACK,
        "quarkus.http.port": site.port,
        "quarkus.management.host": LOOPBACK,
        "quarkus.management.port": ports.free(),
    }
    command = java.command(int(site.settings["heap_megabytes"]), properties=properties)
    return Launch((*command, "-jar", str(_JAR.path())), object_store.environment(site.others["storage"].values))


def _storage(site: Site) -> Mapping[str, object]:
    storage = site.others["storage"]
    options = {
        "endpoint": storage.url,
        "path-style-access": "true",
        "region": storage.values["region"],
        "access-key": f"urn:nessie-secret:quarkus:{_KEY}",
        **(_vending(site) if _vends(site) else {}),
    }
    return {
        "nessie.catalog.default-warehouse": _WAREHOUSE,
        f"nessie.catalog.warehouses.{_WAREHOUSE}.location": f"s3://{storage.values['warehouse_bucket']}/warehouse",
        **{f"nessie.catalog.service.s3.default-options.{name}": value for name, value in options.items()},
        f"{_KEY}.name": storage.secrets["catalog_key"],
        f"{_KEY}.secret": storage.secrets["catalog_secret"],
    }


def _vends(site: Site) -> bool:
    """Tell whether the storage honours the session policy by which Nessie narrows a key to one table."""
    return site.others["storage"].values.get("vending") == "session_policy"


def _vending(site: Site) -> Mapping[str, object]:
    storage = site.others["storage"]
    return {
        "sts-endpoint": storage.url,
        "client-iam.enabled": "true",
        "client-iam.assume-role": storage.values["role_arn"],
        "client-iam.session-duration": _SESSION,
    }


def _store(site: Site) -> Mapping[str, object]:
    """Return where the tables' history is kept. Raises ConfigurationError for a store that there is not."""
    kind, persist = "nessie.version.store.type", "nessie.version.store.persist"
    match site.settings["store"]:
        case "memory":
            return {kind: "IN_MEMORY"}
        case "rocksdb":
            return {kind: "ROCKSDB", f"{persist}.rocks.database-path": site.folder / "rocksdb"}
        case "postgres" if server := site.others.get("database"):
            url = urlsplit(database.url(site))
            source = "postgresql"
            return {
                kind: "JDBC2",
                f"{persist}.jdbc.datasource": source,
                f"quarkus.datasource.{source}.jdbc.url": f"jdbc:postgresql://{url.hostname}:{url.port}{url.path}",
                f"quarkus.datasource.{source}.username": server.values["user"],
                f"quarkus.datasource.{source}.password": server.secrets["password"],
            }
        case "mongodb":
            connection, name = database.mongodb(site)
            return {kind: "MONGODB2", "quarkus.mongodb.connection-string": connection, "quarkus.mongodb.database": name}
    raise ConfigurationError(
        "Nessie cannot keep its tables there",
        expected="store: memory, rocksdb, or postgres or mongodb beside a database in the profile",
        got=str(site.settings["store"]),
        todo="mend catalog.store, or give the profile database: {service: postgres}",
    )


def _version(site: Site) -> str | None:
    """Return the version that its API's description states: nothing else does, apart from its management port."""
    try:
        ready = web.get(f"{site.url}/api/v2/config", timeout=TIMEOUTS.service_probe)
        described = web.get(f"{site.url}/nessie-openapi/openapi.yaml", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    stated = _STATED.search(described.text) if described.is_success else None
    return stated[1] if ready.is_success and stated else None


def _publish(site: Site) -> Endpoint:
    """Return where it is, and the prefix of its paths, which only its own configuration tells."""
    url = f"{site.url}/iceberg"
    told = web.get(f"{url}/v1/config", params={"warehouse": _WAREHOUSE}, timeout=TIMEOUTS.http).raise_for_status()
    prefix = {**told.json()["defaults"], **told.json()["overrides"]}["prefix"]
    keys = "vended" if _vends(site) else "own"
    return Endpoint(url, {"warehouse": _WAREHOUSE, "prefix": prefix, "credentials": keys})


def _lacks_with(settings: Mapping[str, Any]) -> Mapping[str, str]:
    kept = settings["store"] != "memory"
    return {} if kept else {"durable": "Nessie's store in memory ends with its process, and promises nothing else"}


SERVICE = Service(
    kind="nessie",
    sentence="Project Nessie, an Iceberg REST catalog that keeps its tables in branches; no login",
    needs=("storage",),
    wants=("database",),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"store": "memory", "heap_megabytes": 512},
    parts=(java.JAVA, _JAR),
    has=frozenset(
        {
            "vends",
            "sts",
            "remote_signing",
            "scoped_list",
            "scoped_copy",
            "durable",
            "nested_namespaces",
            "multi_table_commit",
        }
    ),
    lacks={
        "auth": "Nessie is started without authentication: it would need a server of identities",
        "principals": "without authentication Nessie knows nobody",
        "read_grants": "without authentication Nessie gives everyone what a writer gets",
        "expiry": "Nessie 0.99.0 does not state when vended credentials expire",
        "refresh_credentials": "Nessie 0.99.0 has no endpoint for credentials alone",
        "views": "Nessie 0.99.0 does not say that it serves views, so that no client asks for any",
    },
    lacks_with=_lacks_with,
    rests_on=dict.fromkeys(("vends", "sts"), ("session_policies",)),
)
