"""Trino: a query engine of its own kind, one process for all stacks of a run, or one that is there already.

It reads and writes with the storage's engine key, as Spark does here: rows are verified with it, and vending is judged
by clients that have no other key.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx

from lakebook import login, web
from lakebook.errors import ConfigurationError
from lakebook.stack import java, part, trino_client
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TRINO = part.archives(
    "trino-476",
    ("server", "io.trino:trino-server-core:476:tar.gz"),
    ("plugin", "io.trino:trino-iceberg:476:zip"),
    ("plugin", "io.trino:trino-memory:476:zip"),
)


def _launch(site: Site) -> Launch:
    """Start the JVM directly. No catalog is in its settings: each stack's is made by a statement, and seen at once."""
    there = _TRINO.path()
    settings = {
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "http-server.http.port": site.port,
        "http-server.log.enabled": "false",  # else it writes var/log below whatever folder it was started in
        "discovery.uri": f"http://{LOOPBACK}:{site.port}",
        "query.max-history": 20,  # each keeps its whole plan
        "query.min-expire-age": "1s",
        "catalog.management": "dynamic",
        "catalog.store": "memory",
        "plugin.dir": there / "plugin",
        "log.levels-file": _written(site.folder / "log.properties", {"Bootstrap": "WARN"}),  # else it shows keys
    }
    properties = {
        "java.io.tmpdir": site.folder,
        "config": _written(site.folder / "config.properties", settings),
        "node.environment": "lakebook",
        "node.id": site.folder.parent.name,
        "node.data-dir": site.folder,
        "node.internal-address": LOOPBACK,
        "node.bind-ip": LOOPBACK,
    }
    heap = int(site.settings["heap_megabytes"])
    command = java.command(heap, "--enable-native-access=ALL-UNNAMED", properties=properties, of=java.JAVA_25)
    (server,) = (there / "server").iterdir()
    return Launch((*command, "-cp", f"{server / 'lib'}/*", "io.trino.server.TrinoServer"), {})


def _written(file: Path, settings: Mapping[str, object]) -> Path:
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    return file


def _version(site: Site) -> str | None:
    """Return the version once it answers queries: before that it says that it is starting, or has no node for them."""
    try:
        answer = web.get(f"{site.url}/v1/info", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    told = answer.json() if answer.is_success else {}
    if told.get("starting") is not False or not trino_client.answers(site.url, *_login(site)):
        return None
    return str(told["nodeVersion"]["version"])


def _login(site: Site) -> tuple[str, str]:
    return str(site.settings["user"]), str(site.settings["password"])


def _publish(site: Site) -> Endpoint:
    """Make the catalogs of a stack; of a Trino that is there already, return which ones of its own they are."""
    own = _of_its_own(site) if site.address else _made(site)
    user, password = _login(site)
    values = {"speaks": "trino", "user": user, **own}
    return Endpoint(site.url, values, {"password": password} if password else {})


def _of_its_own(site: Site) -> dict[str, str]:
    told = {name: str(site.settings[name]) for name in ("catalog", "scratch")}
    if not all(told.values()):
        raise ConfigurationError(
            "a Trino by its address must be told its catalogs",
            expected="catalog: the one that is the profile's, scratch: CATALOG.SCHEMA where tables can be made",
            got=", ".join(f"{name}: {value}" for name, value in told.items() if value) or "neither",
            todo="set engine.catalog and engine.scratch in the profile",
        )
    return told


def _made(site: Site) -> dict[str, str]:
    """Make a catalog for this stack's own lake, for the server has others too, and one in memory for all."""
    name, lake = f"lake_{secrets.token_hex(4)}", _lake(site.others["catalog"], site.others["storage"])
    trino_client.create_catalog(site.url, _login(site), "scratch", "memory", {})
    trino_client.create_catalog(site.url, _login(site), name, "iceberg", lake)
    return {"catalog": name, "scratch": "scratch.default"}


def _lake(catalog: Endpoint, storage: Endpoint) -> dict[str, str]:
    """Return how Trino reaches a profile's catalog and storage."""
    return {
        "iceberg.catalog.type": "rest",
        "iceberg.rest-catalog.uri": catalog.url,
        "iceberg.rest-catalog.warehouse": catalog.values["warehouse"],
        **({"iceberg.rest-catalog.prefix": prefix} if (prefix := catalog.values.get("untold_prefix")) else {}),
        "iceberg.rest-catalog.nested-namespace-enabled": "true",
        **login.of(catalog.values, catalog.secrets, "engine").trino(),
        "fs.native-s3.enabled": "true",
        "s3.endpoint": storage.url,
        "s3.region": storage.values["region"],
        "s3.path-style-access": str(storage.values.get("addressing", "path") == "path").lower(),
        "s3.aws-access-key": storage.secrets["engine_key"],
        "s3.aws-secret-key": storage.secrets["engine_secret"],
    }


SERVICE = Service(
    kind="trino",
    sentence="Trino, a query engine with a SQL of its own, one process for all stacks of a run",
    needs=("storage", "catalog"),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"user": "lakebook", "password": "", "catalog": "", "scratch": "", "heap_megabytes": 1024},
    parts=(java.JAVA_25, _TRINO),
    shared=True,
)
