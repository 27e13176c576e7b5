"""Where a profile's tables lie, and how Iceberg's clients get there.

That is the store of the role `warehouse`, where the profile has one, else that of `storage`, which is an S3 store: the
sources of ingestions always lie there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.stack.service import Endpoint
    from lakebook.stack.state import ServiceState

    Store = TypeVar("Store")

ROLE = "warehouse"
# What a store publishes that is no S3 store: where tables may lie in it; why no proxy in a client's process can stand
# before it; and, with this before its name, a property of PyIceberg, which is of its owner's key where it is secret.
LOCATION, UNWATCHED, PROPERTY = "location", "unwatched", "iceberg."


def of(services: Mapping[str, Store]) -> Store:
    """Return the store of the tables, of the services by role."""
    return services.get(ROLE) or services["storage"]


def location(store: Endpoint | ServiceState) -> str:
    """Return where a catalog may put its tables in a store."""
    return store.values.get(LOCATION) or f"s3://{store.values['warehouse_bucket']}/warehouse"


def is_s3(store: Endpoint | ServiceState) -> bool:
    """Tell whether a store speaks S3."""
    return LOCATION not in store.values


def can_be_watched(store: Endpoint | ServiceState) -> bool:
    """Tell whether a proxy may stand before a store: one that has an address, and clients that wait in peace."""
    return bool(store.url) and UNWATCHED not in store.values


def shortest_session(store: Endpoint | ServiceState) -> int:
    """Return how long the shortest credentials last that can be vended for a store, in seconds."""
    return int(store.values.get("shortest_session_seconds", "1"))


def properties(store: Endpoint | ServiceState) -> dict[str, str]:
    """Return by what PyIceberg finds a store; none of it is secret."""
    if not is_s3(store):
        return _named(store.values)
    in_path = store.values.get("addressing", "path") == "path"
    return {
        "s3.endpoint": store.url,
        "s3.region": store.values["region"],
        "s3.path-style-access": str(in_path).lower(),
        "s3.force-virtual-addressing": str(not in_path).lower(),  # PyIceberg's own name for the one before
    }


def own_key(store: Endpoint | ServiceState) -> dict[str, str]:
    """Return the properties by which PyIceberg may do everything in a store's tables: the engine's own key."""
    if not is_s3(store):
        return _named(store.secrets)
    return {"s3.access-key-id": store.secrets["engine_key"], "s3.secret-access-key": store.secrets["engine_secret"]}


def as_owner(store: Endpoint | ServiceState) -> dict[str, str]:
    """Return the properties of a client that finds a store, and may do everything in its tables."""
    return {**properties(store), **own_key(store)}


def _named(published: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(PROPERTY): value for name, value in published.items() if name.startswith(PROPERTY)}
