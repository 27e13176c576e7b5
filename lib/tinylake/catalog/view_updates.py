"""What a commit may ask of a view, as the REST specification has it (ViewRequirement, ViewUpdate)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Unknown fields are ignored: newer clients send more."""

    model_config = ConfigDict(frozen=True)


class AssertViewUUID(Part):
    """The view has this uuid."""

    type: Literal["assert-view-uuid"]
    uuid: str


class AssignUUID(Part):
    """The view's uuid, which cannot change."""

    action: Literal["assign-uuid"]
    uuid: str


class UpgradeFormatVersion(Part):
    """The format version, of which there is one."""

    action: Literal["upgrade-format-version"]
    format_version: int = Field(alias="format-version")


class AddSchema(Part):
    """A schema that a version may then use."""

    action: Literal["add-schema"]
    added: dict[str, Any] = Field(alias="schema")


class SetLocation(Part):
    """Where the view's next metadata files go."""

    action: Literal["set-location"]
    location: str


class SetProperties(Part):
    """Properties to set."""

    action: Literal["set-properties"]
    updates: dict[str, str]


class RemoveProperties(Part):
    """Properties to remove; those that are not there are no error."""

    action: Literal["remove-properties"]
    removals: list[str]


class AddViewVersion(Part):
    """A version, whose schema id may be -1 for the schema added last."""

    action: Literal["add-view-version"]
    version: dict[str, Any] = Field(alias="view-version")


class SetCurrentViewVersion(Part):
    """The version that readers get; -1 for the one added last."""

    action: Literal["set-current-view-version"]
    version_id: int = Field(alias="view-version-id")


ViewRequirement = AssertViewUUID
ViewUpdate = Annotated[
    AssignUUID
    | UpgradeFormatVersion
    | AddSchema
    | SetLocation
    | SetProperties
    | RemoveProperties
    | AddViewVersion
    | SetCurrentViewVersion,
    Field(discriminator="action"),
]
