"""From the endpoints of services to the clients that a session holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.lake.catalog import Catalog
from lakebook.lake.engine import Engine
from lakebook.lake.http import Http
from lakebook.lake.ingestion import Ingestions

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakebook.lake.table import Table
    from lakebook.stack.service import Endpoint
    from lakebook.stack.state import ServiceState


def catalog(service: Endpoint | ServiceState, storage: Endpoint | ServiceState) -> Catalog:
    """Return the client of a catalog whose tables lie in a storage; where it vends no keys, with the engine's."""
    vends = service.values.get("credentials", "vended") == "vended"
    given = storage.secrets
    own = {"s3.access-key-id": given["engine_key"], "s3.secret-access-key": given["engine_secret"]}
    return Catalog(
        service.url,
        service.values["warehouse"],
        service.values["prefix"],
        {"write": service.secrets.get("writer_token", ""), "read": service.secrets.get("reader_token", "")},
        {
            "s3.endpoint": storage.url,
            "s3.region": storage.values["region"],
            "s3.path-style-access": "true",
            **({} if vends else own),
        },
        {name.removesuffix("_token"): token for name, token in service.secrets.items() if name.endswith("_token")},
        vends,
    )


def engine(service: ServiceState) -> Engine:
    """Return the client of an engine. Of what the service gives, `spark.*` is what a session must be told."""
    given = {**service.values, **service.secrets}
    conf = {key: value for key, value in given.items() if key.startswith("spark.")}
    return Engine(service.url, service.values["catalog"], f"{service.kind} {service.version}", conf)


def ingestions(
    kind: str, service: Endpoint | ServiceState, namespace: str, table: Callable[[str], Table]
) -> Ingestions:
    """Return the client of an ingestion service, which makes ingestions into a namespace."""
    return Ingestions(
        Http.at(kind, service.url), service.values["catalog"], service.values["cluster_id"], namespace, table
    )
