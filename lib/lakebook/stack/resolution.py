"""From the roles of a profile to kinds of services, with everything refused that can be known to be wrong before."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING

from lakebook.errors import ConfigurationError
from lakebook.stack import declaration, ports, services, warehouse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.profile import Profile
    from lakebook.stack.service import Service

PORT, ADDRESS = "port", "address"
_OWN = {"ingestion": "own_ingestion", "catalog": "own_catalog"}
_USUAL = {*_OWN.values(), "part_copies", "several_engines", "assumes_roles", "duckdb"}  # unless a service lacks it


def resolve(profile: Profile) -> dict[str, Service]:
    """Return the kind of service of each role.

    Raises ConfigurationError for an unknown service or setting, a setting of the wrong type, and a port that is busy.
    """
    found = kinds(profile)
    _require_free_ports(profile, found)
    return found


def kinds(profile: Profile) -> dict[str, Service]:
    """Return the kind of service of each role, whether or not its port is free: of a stack that runs, it is not.

    Raises ConfigurationError for an unknown service or setting, and a setting of the wrong type.
    """
    found = {role: services.get(entry.service) for role, entry in profile.roles.items()}
    for role, service in found.items():
        _require_known_settings(profile, role, service)
        _require_address(profile, role, service)
        for name, value in profile.roles[role].settings.items():
            _require_type(profile, role, service, name, value)
        _require_choices(profile, role, service)
        _require_complete(profile, role, service)
    _require_tables_reached(profile, found)
    declaration.of(profile, found)
    return found


def _require_tables_reached(profile: Profile, found: Mapping[str, Service]) -> None:
    """Raise ConfigurationError where the tables lie in a store that one of those who work with them does not know."""
    kept = warehouse.of(found).keeps
    for role in ("catalog", "engine", "ingestion"):
        if kept not in found[role].reaches:
            raise ConfigurationError(
                f"the {role} {found[role].kind} does not reach tables in {warehouse.of(found).kind}",
                expected=f"a service that knows locations of {kept}://",
                got=f"one that knows those of {', '.join(sorted(found[role].reaches))}",
                where=f"parameters/profiles/{profile.name}.yaml",
                todo=f"name another {role}, or take the role {warehouse.ROLE} out",
            )


def _require_known_settings(profile: Profile, role: str, service: Service) -> None:
    allowed = {*service.settings, *(() if service.library else (ADDRESS,)), *((PORT,) if service.launch else ())}
    for name in profile.roles[role].settings:
        if name not in allowed:
            raise ConfigurationError(
                f"the profile {profile.name} gives {role} a setting that {service.kind} does not have",
                expected=" or ".join(sorted(allowed)),
                got=name,
                where=f"parameters/profiles/{profile.name}.yaml, its local override, or LAKEBOOK__{role.upper()}__*",
                todo=f"remove {role}.{name}, or mend its name",
            )


def _require_address(profile: Profile, role: str, service: Service) -> None:
    if service.is_remote and not profile.roles[role].settings.get(ADDRESS):
        raise ConfigurationError(
            f"the profile {profile.name} does not say where {service.kind} is",
            expected="an address: Lakebook cannot start this service",
            got="none",
            where=f"parameters/profiles/{profile.name}.yaml",
            todo=f"set {role}.{ADDRESS} in parameters/profiles/{profile.name}.local.yaml, or "
            f"export LAKEBOOK__{role.upper()}__ADDRESS=...",
        )


def _require_type(profile: Profile, role: str, service: Service, name: str, value: object) -> None:
    """Raise ConfigurationError for a value of another type than the default; from the environment all are texts."""
    if name in (declaration.CAN, declaration.CANNOT):
        return  # which are read with care by themselves
    default = service.settings.get(name, "" if name == ADDRESS else 0)  # a port is a number
    if isinstance(value, type(default)) and not isinstance(value, bool):
        return
    with suppress(ValueError):
        if isinstance(value, str) and isinstance(default, int):
            int(value)
            return
    raise ConfigurationError(
        f"{role}.{name} of the profile {profile.name} has a wrong value",
        expected=_expected(default),
        got=f"a value of type {type(value).__name__}",  # which may be a secret
        where=f"parameters/profiles/{profile.name}.yaml, its local override, or LAKEBOOK__{role.upper()}__*",
        todo=f"mend {role}.{name}",
    )


def _require_choices(profile: Profile, role: str, service: Service) -> None:
    """Raise ConfigurationError for a value that is none of those that a setting can have."""
    for name, choices in service.choices.items():
        value = str({**service.settings, **profile.roles[role].settings}[name])
        if value not in choices:
            near = get_close_matches(value, choices, n=1)
            raise ConfigurationError(
                f"there is no {name} {value}, which {role}.{name} of the profile {profile.name} asks for",
                expected=" or ".join(choices),
                got=value,
                where=f"parameters/profiles/{profile.name}.yaml, its local override, or LAKEBOOK__{role.upper()}__*",
                todo=f"did you mean {near[0]}?" if near else f"mend {role}.{name}",
            )


def _require_complete(profile: Profile, role: str, service: Service) -> None:
    """Raise ConfigurationError where a setting is empty without which a service cannot be used."""
    settings = {**service.settings, **profile.roles[role].settings}
    required = service.requires(settings)
    if missing := [name for name in required if not settings.get(name)]:
        raise ConfigurationError(
            f"the profile {profile.name} does not say {' and '.join(f'{role}.{name}' for name in missing)}",
            expected=f"with {service.kind}: {', '.join(required)}",
            got=f"no {', no '.join(missing)}",
            where=f"parameters/profiles/{profile.name}.yaml, its local override, or LAKEBOOK__{role.upper()}__*",
            todo=f"set {role}.{missing[0]}, or export LAKEBOOK__{role.upper()}__{missing[0].upper()}=...",
        )


def fixed_ports(profile: Profile) -> dict[str, int]:
    """Return the ports that a profile asks for, by role."""
    return {role: int(entry.settings[PORT]) for role, entry in profile.roles.items() if PORT in entry.settings}


def _expected(default: object) -> str:
    """Return what a setting with this default takes."""
    if isinstance(default, dict):
        return "names, each with a value"
    return "a whole number" if isinstance(default, int) else "a text" + (f", such as {default}" if default else "")


def share_a_port(one: Profile, another: Profile) -> bool:
    """Tell whether two profiles ask for the same port, so that their stacks cannot run at once."""
    return not {*fixed_ports(one).values()}.isdisjoint(fixed_ports(another).values())


def _require_free_ports(profile: Profile, kinds: Mapping[str, Service]) -> None:
    asked = fixed_ports(profile)
    for role, port in asked.items():
        by = f"{kinds[role].kind} in the profile {profile.name}"
        if list(asked.values()).count(port) > 1:
            raise ConfigurationError(
                f"port {port}, which {by} asks for, is asked for twice",
                expected="a port for each service",
                got=", ".join(f"{other}.port = {number}" for other, number in asked.items()),
                where=f"parameters/profiles/{profile.name}.yaml",
                todo=f"give {role} another port, or leave `port` out of the profile for a free one",
            )
        ports.fixed(port, asked_by=by)


def fingerprint(profile: Profile) -> str:
    """Return what two profiles share exactly where their stacks would be the same: services and all settings."""
    roles = {role: [entry.service, dict(entry.settings)] for role, entry in profile.roles.items()}
    return hashlib.sha256(json.dumps(roles, sort_keys=True, default=str).encode()).hexdigest()


def _that_decide(kinds: Mapping[str, Service]) -> dict[str, Service]:
    """Return the services on which it depends what can be done: not a store in which no tables lie."""
    return {role: kind for role, kind in kinds.items() if role != "storage" or warehouse.ROLE not in kinds}


def capabilities(profile: Profile) -> tuple[frozenset[str], dict[str, str]]:
    """Return what a profile's services can do together, and what is absent, each with its reason.

    Of what Lakebook does not start, the profile declares it: `can` and `cannot` of its role.
    A scenario may start another ingestion service or catalog, to break it, where Lakebook started the first.
    """
    found = _that_decide(kinds(profile))
    declared, lacks = declaration.of(profile, found)
    lacks |= {name: reason for service in found.values() for name, reason in service.lacks.items()}
    for role, service in found.items():
        lacks |= service.lacks_with({**service.settings, **profile.roles[role].settings})
    for role, name in _OWN.items():
        if profile.roles[role].settings.get(ADDRESS):
            lacks[name] = f"{found[role].kind} is used by its address; Lakebook cannot start another one to break it"
    has = {name for service in found.values() for name in service.has} | _USUAL | declared
    for service in found.values():
        there = has - lacks.keys()
        lost = {name: set(others) - there for name, others in service.rests_on.items()}
        lacks |= {name: _without(service, min(others)) for name, others in lost.items() if others}
    return frozenset(has) - lacks.keys(), lacks


def _without(service: Service, other: str) -> str:
    return f"with {service.kind} it rests on {other}, which no service of this profile has"
