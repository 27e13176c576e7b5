"""From the endpoints of services to the clients that a session holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook import login
from lakebook.lake.catalog import Catalog
from lakebook.lake.http import Http
from lakebook.lake.ingestion import Ingestions
from lakebook.lake.pyiceberg import PyIceberg
from lakebook.lake.spark_connect import SparkConnect
from lakebook.lake.trino import Trino

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakebook.lake.engine import Engine
    from lakebook.lake.table import Table
    from lakebook.stack.service import Endpoint
    from lakebook.stack.state import ServiceState


def catalog(service: Endpoint | ServiceState, storage: Endpoint | ServiceState) -> Catalog:
    """Return the client of a catalog whose tables lie in a storage; where it vends no keys, with the engine's."""
    vends = service.values.get("credentials", "vended") == "vended"
    return Catalog(
        service.url,
        service.values["warehouse"],
        service.values["prefix"],
        {
            "write": login.of(service.values, service.secrets, "writer"),
            "read": login.of(service.values, service.secrets, "reader"),
        },
        {**_storage(storage), **({} if vends else _engine_key(storage))},
        login.principals(service.values, service.secrets),
        vends,
        service.values.get("untold_prefix", ""),
    )


def _storage(service: Endpoint | ServiceState) -> dict[str, str]:
    """Return the properties of a client that finds a storage; PyIceberg has a name of its own for the last."""
    in_path = service.values.get("addressing", "path") == "path"
    return {
        "s3.endpoint": service.url,
        "s3.region": service.values["region"],
        "s3.path-style-access": str(in_path).lower(),
        "s3.force-virtual-addressing": str(not in_path).lower(),
    }


def _engine_key(storage: Endpoint | ServiceState) -> dict[str, str]:
    """Return the properties with which a client has the engine's own key."""
    given = storage.secrets
    return {"s3.access-key-id": given["engine_key"], "s3.secret-access-key": given["engine_secret"]}


def engine(service: ServiceState, catalog: ServiceState, storage: ServiceState) -> Engine:
    """Return the client of an engine, by the protocol that it `speaks`: Spark Connect, unless it says otherwise.

    Of what a Spark Connect server gives, `spark.*` is what a session must be told.
    """
    name = f"{service.kind} {service.version}"
    if service.values.get("speaks") == "pyiceberg":
        return PyIceberg(_for_engine(catalog, storage), service.values["catalog"], name)
    if service.values.get("speaks") == "trino":
        return Trino(service.url, service.values, service.secrets.get("password", ""), name)
    given = {**service.values, **service.secrets}
    conf = {key: value for key, value in given.items() if key.startswith("spark.")}
    return SparkConnect(service.url, service.values["catalog"], name, conf)


def _for_engine(service: ServiceState, storage: ServiceState) -> Catalog:
    """Return the client of a catalog as the engine uses it: with a login and a key of its own."""
    own = {**_storage(storage), **_engine_key(storage)}
    logged_in = catalog(service, storage).logged_in(login.of(service.values, service.secrets, "engine"))
    return replace(logged_in, storage=own)


def ingestions(
    kind: str, service: Endpoint | ServiceState, namespace: str, table: Callable[[str], Table]
) -> Ingestions:
    """Return the client of an ingestion service, which makes ingestions into a namespace."""
    token = service.secrets.get("token")
    http = Http.at(kind, service.url, {"Authorization": f"Bearer {token}"} if token else None)
    return Ingestions(http, service.values["catalog"], service.values["cluster_id"], namespace, table)
