"""View metadata: making it new and changing it. Ids of versions and schemas are the catalog's to give."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import BaseModel
from pyiceberg.schema import Schema
from pyiceberg.view.metadata import ViewHistoryEntry, ViewMetadata, ViewVersion

from tinylake.catalog import errors, view_updates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tinylake.catalog.view_updates import ViewRequirement, ViewUpdate

LAST_ADDED = -1
KEPT_VERSIONS, KEPT_VERSIONS_DEFAULT = "version.history.num-entries", 10
NOTHING: dict[str, Any] = {"schemas": [], "versions": [], "version-log": []}


class Draft:
    """A view's metadata while updates are applied to it, one after another."""

    def __init__(self, base: ViewMetadata | None) -> None:
        """Begins with `base`, or with nothing."""
        self.values: dict[str, Any] = base.model_dump(by_alias=True) if base else dict(NOTHING)
        self._schemas = list(base.schemas) if base else []
        self._versions = list(base.versions) if base else []
        self._log = list(base.version_log) if base else []
        self._last_schema: int | None = None
        self._last_version: int | None = None
        self._versions_asked: dict[int, int] = {}
        self._added: set[int] = set()

    def add_schema(self, given: Mapping[str, Any]) -> int:
        """The id of a schema: that of one with the same columns, or the next."""
        schema = Schema.model_validate(given)
        same = [one.schema_id for one in self._schemas if _columns(one) == _columns(schema)]
        self._last_schema = same[0] if same else max((one.schema_id for one in self._schemas), default=-1) + 1
        if not same:
            self._schemas.append(schema.model_copy(update={"schema_id": self._last_schema}))
        return self._last_schema

    def add_version(self, given: Mapping[str, Any], schema_id: int | None = None) -> None:
        """Adds a version, unless one with the same content is there; its schema is the given one, or what it names."""
        asked = ViewVersion.model_validate(given)
        version = asked.model_copy(
            update={"schema_id": self._schema(asked.schema_id if schema_id is None else schema_id)}
        )
        _refuse_ambiguous(version)
        same = [one.version_id for one in self._versions if _content(one) == _content(version)]
        self._last_version = same[0] if same else max((one.version_id for one in self._versions), default=0) + 1
        self._versions_asked[asked.version_id] = self._last_version
        if not same:
            self._added.add(self._last_version)
            self._versions.append(version.model_copy(update={"version_id": self._last_version}))

    def choose(self, asked: int) -> None:
        """Makes a version the current one, and notes when."""
        version_id = self._last_version if asked == LAST_ADDED else self._versions_asked.get(asked, asked)
        version = next((one for one in self._versions if one.version_id == version_id), None)
        if version is None:
            raise errors.bad_request(f"there is no view version {asked}")
        if self.values.get("current-version-id") == version_id:
            return
        self.values["current-version-id"] = version_id
        moment = version.timestamp_ms if version_id in self._added else int(time.time() * 1000)
        self._log.append(ViewHistoryEntry.model_validate({"timestamp-ms": moment, "version-id": version_id}))

    def settled(self) -> ViewMetadata:
        """The whole, validated; versions beyond those that the view's properties keep are left out."""
        kept = self._kept()
        forgotten = [place for place, entry in enumerate(self._log) if entry.version_id not in kept]
        parts: dict[str, list[Any]] = {
            "schemas": self._schemas,
            "versions": [one for one in self._versions if one.version_id in kept],
            "version-log": self._log[forgotten[-1] + 1 :] if forgotten else self._log,
        }
        dumped = {
            name: [one.model_dump(by_alias=True, exclude_none=True) for one in part] for name, part in parts.items()
        }
        return ViewMetadata.model_validate({**self.values, **dumped})

    def _schema(self, asked: int) -> int:
        if asked == LAST_ADDED and self._last_schema is not None:
            return self._last_schema
        if asked not in {one.schema_id for one in self._schemas}:
            raise errors.bad_request(f"there is no schema {asked} for the view version")
        return asked

    def _kept(self) -> set[int]:
        """The current version, what this change added, and the newest others up to the number wanted."""
        wanted = self.values["properties"].get(KEPT_VERSIONS, str(KEPT_VERSIONS_DEFAULT))
        if not wanted.isdecimal() or int(wanted) < 1:
            raise errors.bad_request(f"{KEPT_VERSIONS} must be a positive number; got {wanted!r}")
        first = {self.values["current-version-id"], *self._added}
        others = sorted((one.version_id for one in self._versions if one.version_id not in first), reverse=True)
        return first | set(others[: max(int(wanted) - len(first), 0)])


def new(
    schema: Mapping[str, Any], version: Mapping[str, Any], location: str, properties: Mapping[str, str]
) -> ViewMetadata:
    """Metadata of a view that begins; 400 for a schema or version that cannot be."""
    with errors.refusing("the view cannot be created"):
        draft = Draft(None)
        place = location.rstrip("/")
        draft.values |= {
            "view-uuid": str(uuid4()),
            "format-version": 1,
            "location": place,
            "properties": dict(properties),
        }
        draft.add_version(version, draft.add_schema(schema))
        draft.choose(LAST_ADDED)
        return draft.settled()


def changed(base: ViewMetadata, updates: Sequence[ViewUpdate]) -> ViewMetadata:
    """`base` with all updates; 400 for one that cannot be."""
    with errors.refusing("the updates cannot be applied"):
        draft = Draft(base)
        for update in updates:
            _apply(draft, update)
        return draft.settled()


def check(base: ViewMetadata, requirements: Sequence[ViewRequirement]) -> None:
    """409 when the view has another uuid than is required."""
    for requirement in requirements:
        if requirement.uuid.lower() != base.view_uuid.lower():
            raise errors.commit_failed(f"Requirement failed: view UUID does not match: it is {base.view_uuid}")


def read(text: str, location: str) -> ViewMetadata:
    """The metadata in a file's text; 500 with its location when it is broken."""
    try:
        return ViewMetadata.model_validate_json(text)
    except ValueError as error:
        raise errors.internal(f"a metadata file is corrupt: {location}") from error


def write(metadata: ViewMetadata) -> str:
    """The JSON of a metadata file."""
    return BaseModel.model_dump_json(metadata, exclude_none=True, by_alias=True)


def _apply(draft: Draft, update: ViewUpdate) -> None:
    match update:
        case view_updates.AssignUUID():
            _refuse_other("uuid", draft.values["view-uuid"], update.uuid)
        case view_updates.UpgradeFormatVersion():
            _refuse_other("format version", draft.values["format-version"], update.format_version)
        case view_updates.AddSchema():
            draft.add_schema(update.added)
        case view_updates.SetLocation():
            draft.values["location"] = update.location.rstrip("/")
        case view_updates.SetProperties():
            draft.values["properties"] = {**draft.values["properties"], **update.updates}
        case view_updates.RemoveProperties():
            kept = {key: value for key, value in draft.values["properties"].items() if key not in update.removals}
            draft.values["properties"] = kept
        case view_updates.AddViewVersion():
            draft.add_version(update.version)
        case view_updates.SetCurrentViewVersion():
            draft.choose(update.version_id)


def _refuse_other(what: str, own: str | int, asked: str | int) -> None:
    if str(own).lower() != str(asked).lower():
        raise errors.bad_request(f"a view's {what} cannot change: {own} to {asked}")


def _refuse_ambiguous(version: ViewVersion) -> None:
    """400 for a version without a text, or with two in one dialect: no reader would know which one counts."""
    dialects = [one.root.dialect.lower() for one in version.representations]
    if not dialects:
        raise errors.bad_request("a view version needs one representation at least")
    if len(set(dialects)) < len(dialects):
        raise errors.bad_request(f"a view version has one text per dialect; got {dialects}")


def _columns(schema: Schema) -> tuple[Any, ...]:
    return schema.fields, tuple(sorted(schema.identifier_field_ids))


def _content(version: ViewVersion) -> dict[str, Any]:
    return version.model_dump(exclude={"version_id", "timestamp_ms"})
