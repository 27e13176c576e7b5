"""Setting a catalog up through its own API once more, and what it then says that it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lakebook.errors import ConfigurationError
from lakebook.stack import services
from lakebook.stack.service import Endpoint, Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.stack.state import StackState

Inventory = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Again:
    """What a catalog had before it was set up once more, and after; and where its clients are sent now and then.

    `before` and `after` are what its API lists, by kind: tenants, warehouses, catalogs. `same_address` tells whether
    address, warehouse and prefix are still what clients were given at first.
    """

    before: Inventory
    after: Inventory
    same_address: bool
    endpoint: Endpoint = field(repr=False)


def again(state: StackState, role: str = "catalog") -> Again:
    """Set a stack's service of a role up once more, as its first set-up did; return what came of it.

    Raises ConfigurationError for a service without an API for that, ServiceError where the API refuses.
    """
    running = state.services[role]
    service = services.get(running.kind)
    if service.inventory is None:
        raise ConfigurationError(
            f"{service.kind} is not set up through an API of its own",
            expected="a service with an inventory, and the capability sets_up",
            got="none",
            todo="ask lake.can('sets_up') first",
        )
    site = _site(state, role)
    before = _plain(service.inventory(site))
    endpoint = service.publish(site)
    same = (endpoint.url, dict(endpoint.values)) == (running.url, dict(running.values))
    return Again(before, _plain(service.inventory(site)), same, endpoint)


def nothing(state: StackState, role: str = "catalog") -> Again:
    """Return what comes of setting nothing up: for a service without an API for that."""
    running = state.services[role]
    return Again({}, {}, same_address=True, endpoint=running.endpoint)


def _site(state: StackState, role: str) -> Site:
    """Return where a service of a stack runs, for those of its functions that only ask it."""
    running = state.services[role]
    others = {name: one.endpoint for name, one in state.services.items() if name != role}
    port = urlsplit(running.url).port or 0
    return Site(state.folder, port, running.settings, running.secrets, others, "" if running.pid else running.url)


def _plain(inventory: Mapping[str, Sequence[Mapping[str, Any]]]) -> Inventory:
    return {kind: [dict(one) for one in some] for kind, some in inventory.items()}
