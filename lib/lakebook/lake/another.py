"""Another process of one of the profile's services, behind proxies: a scenario may break it, and nobody else's."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lakebook import faults, poll
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.faults.proxy import Proxy
from lakebook.profile import ROLES, Role
from lakebook.stack import launcher, services, warehouse
from lakebook.stack.resolution import PORT
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakebook.faults import Fault, Match
    from lakebook.faults.fault import When
    from lakebook.lake.catalog import Catalog
    from lakebook.lake.ingestion import Ingestion, Ingestions
    from lakebook.stack.launcher import Running
    from lakebook.stack.service import Endpoint, Service, Site
    from lakebook.stack.state import ServiceState, StackState


TABLES = "tables"


@dataclass(slots=True)
class Another:
    """A service of its own: its data, its port, and a recording proxy in front of each service that it needs.

    `proxies` are those by role, and by `TABLES` the one in front of the store of the tables: no proxy sees local files.

    `ingestion` or `catalog` is its client, whichever it is.
    """

    service: Service
    site: Site = field(repr=False)
    log: Path = field(repr=False)
    proxies: Mapping[str, Proxy]
    running: Running | None = field(default=None, repr=False)
    ingestion: Ingestions = field(init=False, repr=False)
    catalog: Catalog = field(init=False, repr=False)
    fronts: list[Proxy] = field(default_factory=list, repr=False)

    @property
    def endpoint(self) -> Endpoint:
        """What it gives to those that use it. Raises ConfigurationError while it does not run."""
        if self.running is None:
            raise ConfigurationError(f"{self.service.kind} does not run", todo="restart it first")
        return self.running.endpoint

    def start(self) -> None:
        """Start it, and return once it is ready. Raises ServiceError where it does not get ready."""
        self.running = launcher.start(
            self.service, self.site, log_file=self.log, ends_with=self.site.folder, launched=lambda _: None
        )

    def kill(self) -> None:
        """Kill it with all that it started, as kill -9 does; its data stay."""
        if self.running:
            self.running.kill()
        self.running = None

    def restart(self) -> None:
        """Start it again, on the data and the port that it had."""
        self.kill()
        self.start()

    def behind(self) -> Proxy:
        """Return a new proxy in front of it, for clients that are given its address; it ends with this process."""
        self.fronts.append(made := Proxy(self.endpoint.url))
        return made

    def kill_during(self, ingestion: Ingestion, role: str, match: Match, when: When) -> Fault:
        """Trigger a run, kill the service at a moment of it, start it again, and return the fault that killed it.

        The moment is an exchange with the service of a role: `before` it is asked, `after` it answered but before this
        one hears of it, or once it was `answered`. Raises DeadlineError where there is no such exchange.
        """
        fault = self.proxies[role].inject(faults.kill(match, self.kill, when=when))
        with suppress(ServiceError):  # the kill may come before the trigger is answered
            ingestion.trigger()
        poll.until(
            lambda: self.running is None, what="the service to be killed", deadline_seconds=TIMEOUTS.ingestion_run
        )
        self.start()
        return fault

    def stop(self) -> None:
        """End it and its proxies, and remove its data; its log stays with the stack's."""
        if self.running:
            self.running.stop()
        for proxy in {*self.proxies.values(), *self.fronts}:
            proxy.stop()
        shutil.rmtree(self.site.folder, ignore_errors=True)


def start(state: StackState, role: str, settings: Mapping[str, object]) -> Another:
    """Return another process of a stack's service of a role, with these settings changed, ready.

    Raises ConfigurationError for a service that Lakebook cannot start, ServiceError where it does not get ready.
    """
    running = state.services[role]
    service = services.get(running.kind)
    proxies: dict[str, Proxy] = {}
    kept = state.services.get(warehouse.ROLE)
    seen = [warehouse.ROLE] if kept and warehouse.ROLE in service.wants and warehouse.can_be_watched(kept) else []
    for need in (*seen, *sorted(service.needs, key=ROLES.index)):  # each answers with the addresses of those before it
        known = {_host(state.services[before].url): _host(proxy.url) for before, proxy in proxies.items()}
        proxies[need] = Proxy(state.services[need].url, known)
    others = {need: _seen_through(proxy, state.services[need]) for need, proxy in proxies.items()}
    others |= {
        want: state.services[want].endpoint for want in service.wants if want in state.services and want not in seen
    }
    holds = warehouse.ROLE if kept else "storage"
    if holds in proxies:
        proxies[TABLES] = proxies[holds]
    name = f"{service.kind}-{secrets.token_hex(3)}"
    same = {key: value for key, value in running.settings.items() if key != PORT}
    as_role = Role(service.kind, {**same, **settings})
    made = Another(
        service,
        launcher.site(as_role, service, state.folder / name, others),
        state.folder / f"{name}.log",
        proxies,
    )
    try:
        made.start()
    except BaseException:
        made.stop()
        raise
    return made


def _seen_through(proxy: Proxy, service: ServiceState) -> Endpoint:
    """Return what a service gives, with the proxy's address in place of its own."""
    old, new = _host(service.url), _host(proxy.url)
    values = {name: value.replace(old, new) for name, value in service.values.items()}
    return replace(service.endpoint, url=proxy.url, values=values)


def _host(url: str) -> str:
    return urlsplit(url).netloc
