"""A profile: one system under test, from its YAML file, its local override and the environment, in that order."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from lakebook import project, requirement, secret
from lakebook.environment import snapshot
from lakebook.errors import ConfigurationError
from lakebook.known_failure import KnownFailure, each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

ROLES = ("storage", "catalog", "engine", "ingestion")
EXTRA_ROLES = ("database", "cache", "warehouse")  # where only some services keep their state, and their tables
_OVERRIDE = re.compile(rf"LAKEBOOK__({'|'.join(role.upper() for role in ROLES + EXTRA_ROLES)})__([A-Z0-9_]+)")
_SECRET, _PRINCIPALS = (
    re.compile(r"(secret|password|token|account)(_key|_access_key)$|(secret|password|token)$"),
    "principals",
)
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")


class _RoleFile(BaseModel):
    model_config = ConfigDict(extra="allow")
    service: str


class _ProfileFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    executed: Literal["here", "never"] = "here"
    storage: _RoleFile
    catalog: _RoleFile
    engine: _RoleFile
    ingestion: _RoleFile
    database: _RoleFile | None = None
    cache: _RoleFile | None = None
    warehouse: _RoleFile | None = None
    known_failures: list[KnownFailure] = []

    _each = field_validator("known_failures", mode="before")(each)


@dataclass(frozen=True, slots=True)
class Role:
    """What fills one role of a profile: the kind of service, and its settings."""

    service: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """One system under test. `roles` has one entry for each of ROLES, and for those of EXTRA_ROLES that it names.

    `never_executed` ones were written by the book: nobody has run them yet. `unset` are the variables that it asks
    for, and that are not set: of an outline alone.
    """

    name: str
    title: str
    roles: Mapping[str, Role]
    known_failures: tuple[KnownFailure, ...]
    never_executed: bool = False
    unset: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """Its title, with what must be known besides."""
        return f"{self.title} (never executed so far)" if self.never_executed else self.title


def folder() -> Path:
    """Return the folder of the profiles."""
    return project.root() / "parameters" / "profiles"


def names() -> list[str]:
    """Return the names of all profiles, in order."""
    return sorted(path.stem for path in folder().glob("*.yaml") if not path.name.endswith(".local.yaml"))


def defaults() -> list[str]:
    """Return the profiles that LAKEBOOK_PROFILES names, separated by commas; embedded alone where it is not set."""
    return [name.strip() for name in os.environ.get("LAKEBOOK_PROFILES", "embedded").split(",") if name.strip()]


def load(name: str) -> Profile:
    """Return a profile. Raises ConfigurationError for one that is unknown, broken, or asks for an unset variable."""
    content, file = _content(name)
    return _built(name, _interpolated(content, partial(_variable, file=file)), file)


def outline(name: str) -> Profile:
    """Return a profile as far as it can be told without its variables: those that are not set stay as they stand.

    Raises ConfigurationError for one that is unknown or broken.
    """
    content, file = _content(name)
    unset: dict[str, None] = {}

    def known(match: re.Match[str]) -> str:
        value = os.environ.get(match["name"], match["default"])
        if value is None:
            unset[match["name"]] = None
        return match[0] if value is None else value

    built = _built(name, _interpolated(content, known), file)
    return replace(built, unset=tuple(unset))


def _content(name: str) -> tuple[dict[str, Any], Path]:
    """Return what a profile's file, its local override and the environment say together, and the file."""
    if name not in names():
        near = get_close_matches(name, names(), n=1)
        raise ConfigurationError(
            f"there is no profile {name}",
            expected="a profile of this workbook" if near else " or ".join(names()),
            got=name,
            todo=f"did you mean {near[0]}?" if near else "lakebook list profiles",
        )
    file, local = folder() / f"{name}.yaml", folder() / f"{name}.local.yaml"
    merged = _merge(_mapping(file), _mapping(local)) if local.exists() else _mapping(file)
    return _merge(merged, _from_environment()), file


def _mapping(path: Path) -> dict[str, Any]:
    content = project.read_yaml(path)
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"{path.name} is not a profile",
            expected=f"title, {', '.join(ROLES)}",
            got=type(content).__name__,
            where=project.shown(path),
            todo="compare with parameters/profiles/embedded.yaml",
        )
    return content


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merge(base[key], value) for key, value in over.items() if _nested(base.get(key)) and _nested(value)}
    return {**base, **over, **both}


def _nested(value: object) -> bool:
    return isinstance(value, dict)


def overrides() -> dict[str, str]:
    """Return the variables LAKEBOOK__ROLE__SETTING that the environment has."""
    return {variable: value for variable, value in sorted(snapshot().items()) if _OVERRIDE.fullmatch(variable)}


def _from_environment() -> dict[str, dict[str, str]]:
    """Return the settings that the environment gives, by role."""
    given: dict[str, dict[str, str]] = {}
    for variable, value in overrides().items():
        _, role, setting = variable.lower().split("__", 2)
        given.setdefault(role, {})[setting] = value
    return given


def _interpolated(value: Any, ask: Callable[[re.Match[str]], str]) -> Any:
    match value:
        case dict():
            return {key: _interpolated(item, ask) for key, item in value.items()}
        case list():
            return [_interpolated(item, ask) for item in value]
        case str():
            return _VARIABLE.sub(ask, value)
    return value


def _variable(match: re.Match[str], file: Path) -> str:
    value = os.environ.get(match["name"], match["default"])
    if value is None:
        raise ConfigurationError(
            f"the variable {match['name']} is not set",
            expected=f"a value for {match['name']}, or a default in the profile: ${{{match['name']}:-...}}",
            got="nothing",
            where=project.shown(file),
            todo=f"export {match['name']}=...",
        )
    return value


def _secrets(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the settings that nobody may read in a report: known as secrets before anything is done with them."""
    for settings in content.values():
        for name, value in settings.items() if isinstance(settings, dict) else ():
            if name == _PRINCIPALS and isinstance(value, dict):
                yield from (str(one) for one in value.values())
            elif value and _SECRET.search(name):
                yield str(value)


def _built(name: str, content: dict[str, Any], file: Path) -> Profile:
    try:
        parsed = _ProfileFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(
            f"the profile {name} is broken",
            expected=f"title, {', '.join(ROLES)} (each with service), known_failures",
            got=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            where=project.shown(file),
            todo="mend that entry; parameters/profiles/embedded.yaml is a good one",
        ) from None
    for known in parsed.known_failures:
        requirement.get(known.requirement)
    secret.remember(_secrets(content))
    roles = {role: entry for role in EXTRA_ROLES + ROLES if (entry := getattr(parsed, role))}
    return Profile(
        name,
        parsed.title,
        {role: Role(entry.service, entry.model_extra or {}) for role, entry in roles.items()},
        tuple(parsed.known_failures),
        parsed.executed == "never",
    )
