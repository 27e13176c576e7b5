"""A red that is the backend's own fault, as a profile lists it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from lakebook import project

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANY = "any"  # of a service that does not state its version
_OF_VERSIONS = re.compile(r"(?:(?P<kind>[a-z][a-z0-9_]*)\s+)?(?P<of>\S.*)")


class KnownFailure(BaseModel):
    """A red that is the backend's own fault, listed in the profile; one that passes is red until it is removed.

    `versions` says of which ones it is known: a service's kind, unless any is meant, and a specifier, as in "nessie
    ==0.99.0", or "any" where it states none; behind a semicolon may stand a remark. `answer` is what the backend said,
    `reproduction` a script of `reproductions/` that shows it alone. `got` is a pattern for what a check gets then, of a
    list for each of its entries, or from end to end for the list itself; an empty list is itself.
    What does not match is another failure, and red. `expected` is a pattern for what the check demands, where what it
    gets does not tell which check it is; `got` may refer to its groups.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    requirement: str
    kind: Literal["not implemented", "not yet", "never"]
    reason: str
    link: str
    versions: str
    answer: str = ""
    reproduction: str = ""
    got: str = ""
    expected: str = ""

    def covers(self, running: Mapping[str, str]) -> bool:
        """Tell whether it is known of the versions that run, by the kind of service."""
        kind, specifier = _versions(self.versions)
        return any(_contains(specifier, version) for name, version in running.items() if kind in ("", name))

    def explains(self, got: object, expected: object = None) -> bool:
        """Tell whether what a check got, as plain values, is this failure, and not another one of the requirement."""
        demanded, pattern = _text(expected), self._pattern()
        if isinstance(got, list) and pattern.fullmatch(f"{demanded}\n{_text(got)}"):
            return True
        entries = got if isinstance(got, list) and got else [got]
        return all(self._pattern(".*?").match(f"{demanded}\n{_text(one)}") for one in entries)

    def _pattern(self, before: str = "") -> re.Pattern[str]:
        """Return the pattern of two lines: what a check demands, and what it got, with something `before` it."""
        return re.compile(rf"(?=.*?(?:{self.expected})).*\n{before}(?:{self.got})", re.MULTILINE)

    @model_validator(mode="after")
    def _has_patterns(self) -> KnownFailure:
        try:
            self._pattern()
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from None
        return self

    @field_validator("versions")
    @classmethod
    def _can_be_compared(cls, given: str) -> str:
        _versions(given)
        return given


def _text(got: object) -> str:
    return json.dumps(got, ensure_ascii=False, default=str)


def _versions(given: str) -> tuple[str, SpecifierSet | None]:
    """Return a kind of service, empty where none is named, and a specifier, None for any. Raises ValueError."""
    told = given.partition(";")[0].strip()
    match = _OF_VERSIONS.fullmatch(told)
    kind, text = ((match["kind"] or "") if match else "", match["of"] if match else told)
    if text == _ANY:
        return kind, None
    try:
        return kind, SpecifierSet(text if text[:1] in "<>=!~" else f"=={text}")
    except InvalidSpecifier:
        raise ValueError("write it as ==0.99.0, or with the service's kind before it: nessie ==0.99.0") from None


def _contains(specifier: SpecifierSet | None, version: str) -> bool:
    if specifier is None:
        return True
    try:
        return specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return False


def each(entries: Any) -> Any:
    """Return a profile's entries with one for each requirement, where one names several in a list.

    An entry `from: NAME` stands for all those of `parameters/known_failures/NAME.yaml`, which several profiles share.
    Raises ValueError for a name that has no list there, ConfigurationError for a file that is not YAML.
    """
    if not isinstance(entries, list):
        return entries
    own = [one for entry in entries for one in (_shared(entry["from"]) if _is_shared(entry) else [entry])]
    return [one for entry in own for one in _of_one(entry)]


def _is_shared(entry: Any) -> bool:
    return isinstance(entry, dict) and list(entry) == ["from"]


def _shared(name: Any) -> list[Any]:
    folder = project.root() / "parameters" / "known_failures"
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in names:
        raise ValueError(f"from: {name} is no file of {project.shown(folder)}: there is {' or '.join(names) or 'none'}")
    found = project.read_yaml(folder / f"{name}.yaml")
    if not isinstance(found, list):
        raise ValueError(f"from: {name} is no list of known failures")  # noqa: TRY004 - what pydantic understands
    return found


def _of_one(entry: Any) -> list[Any]:
    named = entry.get("requirement") if isinstance(entry, dict) else None
    return [{**entry, "requirement": one} for one in named] if isinstance(named, list) else [entry]
