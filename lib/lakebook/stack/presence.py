"""What of a profile is on this machine, what is not, and the command that brings it; nothing is started for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lakebook import profile
from lakebook.errors import ConfigurationError
from lakebook.stack import ports, resolution, services

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakebook.profile import Profile, Role
    from lakebook.stack.part import Part
    from lakebook.stack.service import Service

ALL_LOCAL = "all-local"
ABSENT, AN_ADDRESS = "absent", "an address"
_PYTHON = "nothing but Python"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a role of a profile needs: whether it is there, where or why not, and what to do then."""

    role: str
    service: str
    needs: str
    there: bool
    detail: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """A profile, and all that it needs. `local` ones need no address and no variable."""

    name: str
    caption: str
    lines: Sequence[Line]
    local: bool

    @property
    def complete(self) -> bool:
        """Whether everything is there that can be told without starting it."""
        return all(line.there for line in self.lines)

    @property
    def missing(self) -> list[Line]:
        """What is not there."""
        return [line for line in self.lines if not line.there]


@dataclass(frozen=True, slots=True)
class Absent:
    """A profile that `all-local` stood for, and that this machine cannot run: why, and the command that brings it."""

    name: str
    title: str
    why: str
    todo: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.name}: {self.why}: {self.todo}"


def of(name: str, *, reach: bool = False) -> Presence:
    """Return what a profile needs, and what of it is there; with `reach`, whether somebody listens at its addresses.

    A profile that is broken is one line, which says so.
    """
    try:
        return of_one(name, reach=reach)
    except ConfigurationError as error:
        return Presence(name, "", [Line("", "", "a profile that can be read", False, str(error), error.todo)], False)


def of_one(name: str, *, reach: bool = False) -> Presence:
    """Return the same of a profile that can be read. Raises ConfigurationError for one that is unknown or broken."""
    found = profile.outline(name)
    lines = list(_lines(found, reach=reach))
    local = not found.unset and not any(_address(entry) for entry in found.roles.values())
    remote = any(services.get(one.service).is_remote for one in found.roles.values())
    return Presence(name, found.caption, lines, local and not remote)


def _lines(found: Profile, *, reach: bool) -> Iterator[Line]:
    if not found.unset:
        resolution.kinds(found)
    for role, entry in found.roles.items():
        service = services.get(entry.service)
        yield from _unset(role, entry, found.unset)
        if service.is_remote or _address(entry):
            yield from _by_address(role, entry, reach=reach)
        else:
            yield from _parts(role, service)


def _address(entry: Role) -> str:
    return str(entry.settings.get(resolution.ADDRESS) or "")


def _unset(role: str, entry: Role, names: Sequence[str]) -> Iterator[Line]:
    settings = str(dict(entry.settings))
    for name in names:
        if f"${{{name}}}" in settings:
            yield Line(role, entry.service, f"the variable {name}", False, "not set", f"export {name}=...")


def _by_address(role: str, entry: Role, *, reach: bool) -> Iterator[Line]:
    address = _address(entry)
    if "${" in address:
        return  # its variable has a line of its own
    where = urlsplit(address)
    if where.scheme not in ports.SCHEMES or not where.hostname:
        todo = f"mend {role}.{resolution.ADDRESS}, or export LAKEBOOK__{role.upper()}__ADDRESS=..."
        yield Line(
            role, entry.service, AN_ADDRESS, False, f"{address or 'none'}: not {'://, '.join(ports.SCHEMES)}://", todo
        )
        return
    refusal = ports.refusal(address) if reach else ""
    said = f"{address}: {refusal or 'somebody listens'}" if reach else address
    yield Line(role, entry.service, AN_ADDRESS, not refusal, said, "start what is to listen there" if refusal else "")


def _parts(role: str, service: Service) -> Iterator[Line]:
    for part in service.parts:
        yield _part(role, service, part)
    if not service.parts:
        yield Line(role, service.kind, _PYTHON, True, "")


def _part(role: str, service: Service, part: Part) -> Line:
    found = part.find()
    if found:
        return Line(role, service.kind, part.name, True, str(found).replace(str(Path.home()), "~", 1))
    return Line(role, service.kind, part.name, False, ABSENT, part.command())


def missing_parts(name: str) -> dict[str, Part]:
    """Return the parts that a profile's services need to be started, and that are not there, by name.

    Raises ConfigurationError for a profile that is unknown or broken.
    """
    found = profile.outline(name)
    kinds = [services.get(entry.service) for entry in found.roles.values() if not _address(entry)]
    return {part.name: part for service in kinds for part in service.parts if not part.find()}


def expanded(names: Sequence[str]) -> tuple[list[str], list[Absent]]:
    """Return these profiles, with all that this machine can run in the place of `all-local`; and those that it cannot.

    Raises ConfigurationError for one that is unknown.
    """
    if ALL_LOCAL not in names:
        return list(dict.fromkeys(names)), []
    every = [of(name) for name in profile.names()]
    here = [one.name for one in every if one.local and one.complete]
    named = [other for name in names for other in (here if name == ALL_LOCAL else [name])]
    absent = [Absent(one.name, one.caption, *why_not(one)) for one in every if one.name not in named]
    return list(dict.fromkeys(named)), absent


def why_not(one: Presence) -> tuple[str, str]:
    """Return why `all-local` leaves a profile out, and the command that brings what is absent."""
    if one.missing:
        first = one.missing[0]
        more = f", and {len(one.missing) - 1} more" if len(one.missing) > 1 else ""
        bring = f"lakebook install --profile {one.name}" if all(m.detail == ABSENT for m in one.missing) else first.todo
        return f"{first.needs} {first.detail}{more}", bring
    return "used by its address", f"lakebook run --profile {one.name}"
