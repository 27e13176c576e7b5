"""What clients send, as the REST specification has it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pyiceberg.table.update import TableRequirement, TableUpdate  # noqa: TC002  (pydantic looks these up)

from tinylake.catalog.view_updates import ViewRequirement, ViewUpdate  # noqa: TC001  (here too)


class Body(BaseModel):
    """Unknown fields are ignored: newer clients send more."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)


class CreateNamespace(Body):
    """createNamespace."""

    namespace: list[str]
    properties: dict[str, str] = {}


class UpdateProperties(Body):
    """updateProperties of a namespace."""

    removals: list[str] = []
    updates: dict[str, str] = {}


class CreateTable(Body):
    """createTable; schema, spec and order are checked by PyIceberg's models."""

    name: str
    location: str | None = None
    table_schema: dict[str, Any] = Field(alias="schema")
    partition_spec: dict[str, Any] | None = Field(default=None, alias="partition-spec")
    write_order: dict[str, Any] | None = Field(default=None, alias="write-order")
    stage_create: bool | None = Field(default=False, alias="stage-create")
    properties: dict[str, str] | None = None


class RegisterTable(Body):
    """registerTable."""

    name: str
    metadata_location: str = Field(alias="metadata-location")
    overwrite: bool = False


class Identifier(Body):
    """A table's name, in bodies."""

    namespace: list[str]
    name: str


class RenameTable(Body):
    """renameTable."""

    source: Identifier
    destination: Identifier


class CommitTable(Body):
    """updateTable."""

    requirements: tuple[TableRequirement, ...] = ()
    updates: tuple[TableUpdate, ...] = ()


class TableChange(CommitTable):
    """One table's part of commitTransaction."""

    identifier: Identifier


class CommitTransaction(Body):
    """commitTransaction."""

    table_changes: Annotated[tuple[TableChange, ...], Field(alias="table-changes", min_length=1)]


class CreateView(Body):
    """createView; schema and version are checked by PyIceberg's models."""

    name: str
    location: str | None = None
    view_schema: dict[str, Any] = Field(alias="schema")
    view_version: dict[str, Any] = Field(alias="view-version")
    properties: dict[str, str] = {}


class CommitView(Body):
    """replaceView."""

    requirements: tuple[ViewRequirement, ...] = ()
    updates: tuple[ViewUpdate, ...] = ()


class SignRequest(Body):
    """signRequest; `body` is that of the request to sign, where what it does stands there (DeleteObjects)."""

    region: str
    uri: str
    method: str
    headers: dict[str, list[str]] = {}
    body: str | None = None
    provider: Literal["s3"] | None = None
