"""`connect`: from a profile's name to the session that a notebook holds."""

from __future__ import annotations

import atexit
import os
import secrets
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import log, panel, profile, project, s3
from lakebook.checks import plain
from lakebook.errors import CheckFailedError, ConfigurationError
from lakebook.faults.proxy import Proxy
from lakebook.lake import access, another, clients, isolation, objects, removal, round_trip
from lakebook.lake.duckdb import DuckDB
from lakebook.lake.pyiceberg import PyIceberg
from lakebook.lake.reach import S3Reach
from lakebook.lake.record import Record, absent
from lakebook.lake.rest import Rest
from lakebook.lake.source import Source
from lakebook.lake.table import Table
from lakebook.stack import lease, object_store, stack, warehouse
from lakebook.stack.state import StackState, given
from lakebook.timeouts import Timeouts
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from lakebook.lake.another import Another
    from lakebook.lake.catalog import Catalog
    from lakebook.lake.engine import Engine, Reader
    from lakebook.lake.ingestion import Ingestions
    from lakebook.lake.objects import Objects
    from lakebook.lake.reach import Reach
    from lakebook.lake.vended import Keys

NAME_PREFIX = "lakebook_"
KEEP = "LAKEBOOK_KEEP"
SCENARIO = "LAKEBOOK_SCENARIO"


@dataclass(frozen=True, slots=True)
class Lake:
    """One scenario's session: a namespace, a bucket prefix and ingestions of its own, and the verb that checks."""

    profile: str
    namespace: str
    state: StackState = field(repr=False)
    storage: Any = field(repr=False)
    warehouse: Objects = field(repr=False)
    source: Source
    catalog: Catalog
    engine: Engine = field(repr=False)
    ingestion: Ingestions
    record: Record = field(repr=False)
    others: list[Another | Proxy] = field(default_factory=list, repr=False)

    def can(self, capability: str) -> bool:
        """Tell whether the system under test has a capability: what needs it cannot even be attempted without."""
        return capability in self.state.capabilities

    def applies(self, *requirements: str) -> bool:
        """Tell whether one of these requirements applies to the system under test; record why, where none does.

        For what needs a service that may be broken: of one that is used by its address no other can be started.
        """
        reasons = {one: absent(one, self.state.capabilities, self.state.lacks) for one in requirements}
        if not all(reasons.values()):
            return True
        for one, reason in reasons.items():
            self.record.add(one, Decision(None, "the capabilities that it needs", reason))
        return False

    def table(self, name: str) -> Table:
        """Return a table of this scenario's namespace, whether or not it exists yet."""
        return Table(self.namespace, name, self.catalog, self.engine)

    def create(self, name: str, rows: pa.Table) -> Table:
        """Create a table in this scenario's namespace, and append rows to it with the client's own key."""
        self.catalog.make_namespace(self.namespace)
        client = self.catalog.client(vended=False, keys=self.own_keys())
        client.create_table((self.namespace, name), rows.schema).append(rows)
        return self.table(name)

    def check(
        self, requirement: str, decision: Decision | None = None, /, *, got: Any = None, expected: Any = None
    ) -> None:
        """Decide a requirement, show it, and record it; a red one does not stop the notebook.

        Either a decision of `lakebook.checks`, or plain values: `got` and `expected`, which must be equal.
        """
        if decision is None:
            decision = plain.equal(expected, got)
        elif not isinstance(decision, Decision):
            raise ConfigurationError(
                f"lake.check({requirement!r}, ...) takes a decision",
                expected="a Decision of lakebook.checks, or got=... and expected=...",
                got=type(decision).__name__,
            )
        self.record.add(requirement, decision)

    def attempt(
        self, who: str, keys: Keys, addresses: Iterable[str], *operations: str, into: str = ""
    ) -> list[access.Attempt]:
        """Try operations on objects with a key; return what the store answered to each.

        Unless they are named: those on one object, `access.OPERATIONS`. Copies go beside the address `into`.
        """
        chosen = operations or access.OPERATIONS
        return access.attempts(who, self.reach(keys), self.warehouse, addresses, chosen, into=into)

    def reach(self, keys: Keys | None = None) -> Reach:
        """Return the store of the tables as a key opens it; without one, the S3 store as the stack's own key does."""
        if keys is not None and not isinstance(keys, s3.Keys):
            return keys
        return S3Reach(s3.like(self.storage, keys) if keys else self.storage, self.storage)

    def round_trip(self, *, vended: bool) -> list[tuple[str, str]]:
        """Go the whole way of a client in a namespace of its own, with vended credentials or with the client's own."""
        from lakebook.data import events  # noqa: PLC0415

        namespace = f"{self.namespace}_{'vended' if vended else 'own'}"
        with isolation.no_other_keys():
            client = self.catalog.client(vended=vended, keys=None if vended else self.own_keys())
            return round_trip.round_trip(client, namespace, events(1, 10).files[0].rows)

    def rest(self) -> Rest:
        """Return the catalog's REST API, raw: each operation's answer, whatever it is, is evidence."""
        return Rest.of(self.catalog)

    def second_reader(self) -> Reader:
        """Return an engine with a writer's token and no key, which reads with what is vended.

        That is DuckDB, which shares no code with the others, or PyIceberg, where the store is none that DuckDB reaches.
        """
        if self.can("duckdb"):
            return DuckDB(self.catalog)
        return PyIceberg(self.catalog, "lake", f"pyiceberg {version('pyiceberg')}", vended=self.catalog.vends)

    def own_keys(self) -> dict[str, str]:
        """Return the engine's own key to the tables, as the properties that a client is given which asks for none."""
        return warehouse.own_key(warehouse.of(self.state.services))

    def long_lived_key_ids(self) -> list[str]:
        """Return what names the keys that the stack's own services hold: none of them may be vended."""
        secrets = warehouse.of(self.state.services).secrets
        return [value for name, value in secrets.items() if name.endswith(("_key", "-key", "token"))]

    def places(self, table: Table) -> list[str]:
        """Put a small object into each folder of a table's location, with the stack's own key; return the addresses."""
        location = table.metadata().location.rstrip("/")
        return [self._put(f"{location}/{folder}/inside.txt") for folder in ("data", "metadata")]

    def above(self, table: Table) -> str:
        """Put a small object right above a table's location, with the stack's own key; return its address."""
        return self._put(f"{table.metadata().location.rstrip('/').rpartition('/')[0]}/above.txt")

    def _put(self, address: str) -> str:
        self.warehouse.put(address, b"probe")
        return address

    def files(self, location: str, *, purged: bool = False) -> list[str]:
        """Return the objects below a location; where it was `purged`, once none is left or time is over."""
        return objects.left(self.warehouse, location) if purged else objects.below(self.warehouse, location)

    def another(self, role: str, **settings: object) -> Another:
        """Start another process of a role's service, with data of its own, behind proxies; it ends with the scenario.

        `settings` change those of the profile. Raises ServiceError where it does not get ready.
        """
        made = another.start(self.state, role, settings)
        self.others.append(made)
        if role == "ingestion":
            made.ingestion = clients.ingestions(made.service.kind, made.endpoint, self.namespace, self.table)
        if role == "catalog":
            made.catalog = clients.catalog(made.endpoint, warehouse.of(self.state.services))
        return made

    def proxy(self, role: str) -> Proxy:
        """Return a new proxy in front of a role's service, for clients that are given its address."""
        self.others.append(made := Proxy(self.state.services[role].url))
        return made

    def finish(self) -> None:
        """Show the scorecard and clean up. Raises CheckFailedError where a check was red; then everything is kept."""
        try:
            self._finish()
        finally:
            self.engine.stop()
            for other in self.others:
                other.stop()

    def _finish(self) -> None:
        self.record.finish()
        red = self.record.red
        if red or not self.record.checks or os.environ.get(KEEP):
            from IPython.display import display  # noqa: PLC0415

            display(panel.kept(self.namespace, project.shown(self.state.folder)))
        else:
            self.clean()
        if red or not self.record.checks:
            named = ", ".join(dict.fromkeys(check.requirement for check in red)) or "no check was made"
            raise CheckFailedError(f"{len(red)} of {len(self.record.checks)} checks red: {named}")

    def clean(self) -> None:
        """Remove the scenario's ingestions, tables, namespaces and files."""
        for ingestion in self.ingestion.made:
            ingestion.remove()
        self.remove_namespaces(self.namespace)
        self.source.remove()

    def remove_namespaces(self, prefix: str) -> list[str]:
        """Drop every top namespace whose name starts so, with all that is in it and the files; return their names."""
        nested, views = self.can("nested_namespaces"), self.can("views")
        return removal.namespaces(self.catalog, self.warehouse, prefix, nested=nested, views=views)


def connect(profile_name: str) -> Lake:
    """Return a session on a profile: on the stack that was given or left running, else on one started for this process.

    Raises ConfigurationError for an unknown profile, ServiceError where a service does not start or has died.
    """
    log.configure()
    Timeouts.from_environment()  # a wrong one is told, not ignored
    found = profile.load(profile_name)
    state = given() or _shared_or_own(found)
    if state.profile != profile_name:
        raise ConfigurationError(
            "the stack is of another profile",
            expected=profile_name,
            got=state.profile,
            todo=f'set profile = "{state.profile}" in the parameters, or lakebook lab --profile {profile_name}',
        )
    lake = session(found, state, _name())
    from IPython.display import display  # noqa: PLC0415

    display(panel.session(found.name, found.title, lake.namespace, _services(state)))
    return lake


def _shared_or_own(found: profile.Profile) -> StackState:
    if running := lease.shared(found):
        return running.state
    started = stack.start(found)
    atexit.register(started.stop)
    return started.state


def _name() -> str:
    notebook = os.environ.get(SCENARIO) or Path(os.environ.get("JPY_SESSION_NAME", "notebook")).stem
    return f"{NAME_PREFIX}{notebook}_{os.getpid()}_{secrets.token_hex(3)}"


def session(found: profile.Profile, state: StackState, name: str) -> Lake:
    """Return a session on a running stack under a name of its own."""
    services = state.services
    storage, catalog, engine, ingestion = (services[role] for role in profile.ROLES)
    admin = s3.Keys(storage.secrets["admin_key"], storage.secrets["admin_secret"])
    addressing = storage.values.get("addressing", "path")
    store = s3.client("s3", storage.url, admin, storage.values["region"], addressing=addressing)
    os.environ.update(object_store.environment(storage.values))
    source = Source(
        storage.values["source_bucket"],
        name,
        storage.url,
        storage.values["region"],
        s3.Keys(storage.secrets["source_key"], storage.secrets["source_secret"]),
        store,
    )
    tables = warehouse.of(services)
    client = clients.catalog(catalog, tables)
    own = clients.engine(engine, catalog, tables)

    def table(short: str) -> Table:
        return Table(name, short, client, own)

    made = clients.ingestions(ingestion.kind, ingestion, name, table)
    running = {service.kind: service.version for service in services.values()}
    record = Record(state.capabilities, state.lacks, found.known_failures, running)
    return Lake(found.name, name, state, store, clients.objects(tables, store), source, client, own, made, record)


def _services(state: StackState) -> list[dict[str, str]]:
    return [
        {"role": role, "service": service.kind, "version": service.version, "address": service.url}
        for role, service in state.services.items()
    ]
