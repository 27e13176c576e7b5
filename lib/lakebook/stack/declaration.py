"""What a profile says of a service that is there already: `can` and `cannot`, for nobody here knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import requirement
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.profile import Profile
    from lakebook.stack.service import Service

CAN, CANNOT = "can", "cannot"
CATALOG = {
    "vends": "it gives keys of the store with a table, to clients that ask for them",
    "sts": "these are temporary, and each opens one table alone",
    "read_grants": "a principal that may only read is given keys that only read; needs `principals: {reader: ...}`",
    "scoped_list": "such a key lists its own table alone, and the store enforces it",
    "scoped_copy": "such a key copies from its own table alone, and the store enforces it",
    "expiry": "the store refuses such a key once it has expired",
    "refresh_credentials": "the catalog has an endpoint for a table's credentials alone",
    "auth": "it takes known principals alone; is decided with `principals: {expired: ...}`, a token that has expired",
    "principals": "it gives each principal what its grants say; needs `principals: {alice: ..., bob: ...}`",
    "durable": "it keeps what it has acknowledged, whatever happens to its process",
    "nested_namespaces": "it has namespaces inside of others",
    "views": "it has views",
    "multi_table_commit": "it commits to several tables at once, or to none",
    "remote_signing": "it signs its clients' requests to the store",
}
_OTHERS = {"nested_namespaces", "session_policies", "part_copies", "duckdb"}  # which no requirement needs
_NEEDS = {"read_grants": ("reader",), "principals": ("alice", "bob")}


def words(given: object) -> list[str]:
    """Return the capabilities that a setting names: a text with commas, a list, or a mapping to reasons."""
    parts = given if isinstance(given, (list, dict)) else str(given).split(",")
    return [word for part in parts if (word := str(part).strip())]


def of(profile: Profile, kinds: Mapping[str, Service]) -> tuple[set[str], dict[str, str]]:
    """Return the capabilities that a profile declares of its services, and those that it says are absent, with reasons.

    What a catalog could do, and is not said to do, is absent too. Raises ConfigurationError for an unknown one.
    """
    has: set[str] = set()
    lacks: dict[str, str] = {}
    for role, kind in kinds.items():
        settings = profile.roles[role].settings
        for name in (CAN, CANNOT):
            _require_words(profile, role, name, settings.get(name, ""))
        has |= {*words(settings.get(CAN, ""))}
        lacks |= _absent(f"{role}.{CANNOT}", settings.get(CANNOT, ""))
        _require_principals(profile, role)
        if role == "catalog" and CAN in kind.settings:
            lacks |= {name: _undeclared(name) for name in CATALOG if name not in has | lacks.keys()}
    return has, lacks


def _absent(where: str, given: object) -> dict[str, str]:
    reasons = given if isinstance(given, dict) else {}
    return {word: str(reasons.get(word) or f"the profile says so, in {where}") for word in words(given)}


def _undeclared(name: str) -> str:
    besides = f", and {' and '.join(_NEEDS[name])} to catalog.principals" if name in _NEEDS else ""
    return f"not declared: add it to catalog.{CAN}{besides}, if the catalog does it"


def _require_words(profile: Profile, role: str, name: str, given: object) -> None:
    """Raise ConfigurationError where `can` or `cannot` is no list of words, or names what nothing here depends on."""
    known = _OTHERS | {need for one in requirement.all_requirements().values() for need in one.needs}
    forms = (str, list, dict) if name == CANNOT else (str, list)
    wrong = [word for word in words(given) if word not in known] if isinstance(given, forms) else [type(given).__name__]
    if wrong:
        raise ConfigurationError(
            f"{role}.{name} of the profile {profile.name} names what no requirement needs",
            expected=f"of these, as a list or separated by commas: {', '.join(_sayable(role, name, known))}",
            got=", ".join(wrong),
            where=f"parameters/profiles/{profile.name}.yaml",
            todo=f"mend or remove {', '.join(wrong)}; the README says what each means",
        )


def _sayable(role: str, name: str, known: set[str]) -> list[str]:
    return [*CATALOG] if role == "catalog" and name == CAN else sorted(known)


def _require_principals(profile: Profile, role: str) -> None:
    """Raise ConfigurationError where a catalog is said to tell principals apart, and the profile has not those."""
    settings = profile.roles[role].settings
    principals = settings.get("principals")
    there = principals if isinstance(principals, dict) else {}
    for word in words(settings.get(CAN, "")):
        if missing := [name for name in _NEEDS.get(word, ()) if not there.get(name)]:
            raise ConfigurationError(
                f"{role}.{CAN} of the profile {profile.name} names {word}, which is seen with principals of its own",
                expected=f"{role}.principals with {' and '.join(_NEEDS[word])}: how each logs in",
                got=f"none of the name {' or '.join(missing)}",
                where=f"parameters/profiles/{profile.name}.yaml, or its local override",
                todo=f"add {role}.principals.{missing[0]}, or take {word} out of {role}.{CAN}",
            )
