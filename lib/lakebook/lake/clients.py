"""From the endpoints of services to the clients that a session holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lakebook import login
from lakebook.lake import cloud_reach
from lakebook.lake.catalog import Catalog
from lakebook.lake.http import Http
from lakebook.lake.ingestion import Ingestions
from lakebook.lake.objects import AzureObjects, IcebergObjects, S3Objects
from lakebook.lake.pyiceberg import PyIceberg
from lakebook.lake.spark_connect import SparkConnect
from lakebook.lake.trino import Trino
from lakebook.stack import warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakebook.lake.engine import Engine
    from lakebook.lake.objects import Objects
    from lakebook.lake.table import Table
    from lakebook.stack.service import Endpoint
    from lakebook.stack.state import ServiceState


def catalog(service: Endpoint | ServiceState, store: Endpoint | ServiceState) -> Catalog:
    """Return the client of a catalog whose tables lie in a store; where it vends no keys, with the engine's."""
    vends = service.values.get("credentials", "vended") == "vended"
    return Catalog(
        service.url,
        service.values["warehouse"],
        service.values["prefix"],
        {
            "write": login.of(service.values, service.secrets, "writer"),
            "read": login.of(service.values, service.secrets, "reader"),
        },
        {**warehouse.properties(store), **({} if vends else warehouse.own_key(store))},
        login.principals(service.values, service.secrets),
        vends,
        service.values.get("untold_prefix", ""),
    )


def objects(store: ServiceState, client: Any) -> Objects:
    """Return the objects of the tables' store, to its owner; `client` is a boto3 client, for an S3 store."""
    if warehouse.is_s3(store):
        return S3Objects(client)
    own = warehouse.as_owner(store)
    if key := own.get("adls.account-key"):
        return AzureObjects(cloud_reach.blobs(own), key)
    return IcebergObjects(own)


def engine(service: ServiceState, catalog: ServiceState, store: ServiceState) -> Engine:
    """Return the client of an engine, by the protocol that it `speaks`: Spark Connect, unless it says otherwise.

    Of what a Spark Connect server gives, `spark.*` is what a session must be told.
    """
    name = f"{service.kind} {service.version}"
    if service.values.get("speaks") == "pyiceberg":
        return PyIceberg(_for_engine(catalog, store), service.values["catalog"], name)
    if service.values.get("speaks") == "trino":
        return Trino(service.url, service.values, service.secrets.get("password", ""), name)
    given = {**service.values, **service.secrets}
    conf = {key: value for key, value in given.items() if key.startswith("spark.")}
    return SparkConnect(service.url, service.values["catalog"], name, conf, service.secrets.get("token", ""))


def _for_engine(service: ServiceState, store: ServiceState) -> Catalog:
    """Return the client of a catalog as the engine uses it: with a login and a key of its own."""
    logged_in = catalog(service, store).logged_in(login.of(service.values, service.secrets, "engine"))
    return replace(logged_in, storage=warehouse.as_owner(store))


def ingestions(
    kind: str, service: Endpoint | ServiceState, namespace: str, table: Callable[[str], Table]
) -> Ingestions:
    """Return the client of an ingestion service, which makes ingestions into a namespace."""
    token = service.secrets.get("token")
    http = Http.at(kind, service.url, {"Authorization": f"Bearer {token}"} if token else None)
    return Ingestions(http, service.values["catalog"], service.values["cluster_id"], namespace, table)
