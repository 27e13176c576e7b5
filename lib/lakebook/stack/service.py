"""What a service of a stack is: a frozen record of what it needs, how it starts, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lakebook.stack.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from lakebook.stack.part import Part


EVERYWHERE = frozenset({"s3", "abfss", "gs", "file"})  # the schemes of all locations that tables can have here


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a ready service gives to those that use it: plain values, and secrets, which are never shown."""

    url: str
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """Where one service is about to run: its folder, port, settings, generated secrets, and the ready others.

    One that is there already has an `address`, and then neither folder nor port mean anything.
    """

    folder: Path
    port: int
    settings: Mapping[str, Any] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    others: Mapping[str, Endpoint]
    address: str = ""

    @property
    def url(self) -> str:
        """The base URL of a service that speaks HTTP here."""
        return self.address or f"http://{LOOPBACK}:{self.port}"


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a service: its command, and what it finds in the environment."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of service.

    `needs` names the roles that must be ready before; `wants` those that must be where the profile has them.
    `launch` says how to start it, and is None for what Lakebook cannot start: then the profile gives an address, as it
    may for any; or it is a `library`, in the process of whoever uses it, so that nothing is started and there is no
    address. `parts` must be on the machine for that. `shared` ones serve all stacks of this process at once: what
    they are told at `launch` is the same for all. `settings` are the ones a profile may give, with defaults: `requires`
    names those that must not be empty, with the others as they are, and `choices` the values of those that have a few.
    `generates` names secrets drawn anew for each stack. `has` are the capabilities that it brings to a profile;
    `lacks` those that it takes from the whole profile, each with the reason that reports show, and `lacks_with` those
    that it takes with some settings. `rests_on` names for a capability those without which it is lost.
    A store `keeps` tables at locations of one scheme; what works with tables `reaches` those of some.
    `version` asks the running service, and returns None while it is not ready. `publish` makes it usable (users,
    buckets) once ready. Both run on the owner's side; the first may be called many times, the second once.
    `retract` removes what `publish` made in a service that was there already, and goes on. A service that is set up
    through an API of its own has the capability `sets_up`, and an `inventory`: what that API lists, by kind (tenants,
    warehouses, catalogs), each with its name and id; then `publish` may be called again, by a scenario.
    """

    kind: str
    sentence: str
    needs: tuple[str, ...]
    launch: Callable[[Site], Launch] | None
    version: Callable[[Site], str | None]
    publish: Callable[[Site], Endpoint]
    retract: Callable[[Site, Endpoint], None] | None = None
    inventory: Callable[[Site], Mapping[str, Sequence[Mapping[str, Any]]]] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    generates: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    lacks: Mapping[str, str] = field(default_factory=dict)
    wants: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    shared: bool = False
    lacks_with: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _settings: {}
    keeps: str = "s3"
    reaches: frozenset[str] = frozenset({"s3"})
    rests_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    library: bool = False
    requires: Callable[[Mapping[str, Any]], Sequence[str]] = lambda _settings: ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_remote(self) -> bool:
        """Whether Lakebook can use it by an address alone."""
        return self.launch is None and not self.library

    def uses(self, roles: Container[str]) -> tuple[str, ...]:
        """Return the roles of a profile that must be ready before this one."""
        return (*self.needs, *(role for role in self.wants if role in roles))
