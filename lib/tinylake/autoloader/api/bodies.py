"""Request bodies. What is not supported is refused by name; what is unknown is ignored, as JSON APIs do."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic looks at it
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Name = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True, pattern=r"^[^\x00]*$")]
Policy = Literal["ignore", "append_new_columns", "sync_all_columns", "fail"]


class Body(BaseModel):
    """Values are never echoed by an error: they may be secrets."""

    model_config = ConfigDict(hide_input_in_errors=True)


class Source(Body):
    type: Literal["s3"]
    path: str
    file_pattern: str = "*"
    credentials: dict[str, str | None] = Field(default_factory=dict, repr=False)

    @field_validator("path")
    @classmethod
    def _is_s3(cls, path: str) -> str:
        parts = urlsplit(path)
        if parts.scheme not in {"s3", "s3a"} or not parts.netloc or parts.username:
            raise ValueError("source.path must be s3://bucket/prefix/")
        return path


class FormatSchema(Body):
    model_config = ConfigDict(hide_input_in_errors=True, populate_by_name=True)

    inference: Literal["auto", "manual"] = "auto"
    evolution_enabled: bool = True
    given: Any = Field(default=None, alias="schema_json")

    @model_validator(mode="after")
    def _only_auto(self) -> Self:
        if self.inference == "manual":
            raise ValueError("format.schema.inference 'manual' is not supported yet; use 'auto'")
        return self


class Format(Body):
    model_config = ConfigDict(hide_input_in_errors=True, populate_by_name=True)

    type: Name
    options: dict[str, Any] = Field(default_factory=dict)
    inferred: FormatSchema = Field(default_factory=FormatSchema, alias="schema")


class Partitioning(Body):
    enabled: bool = False
    columns: list[Name] = Field(default_factory=list)


class Optimization(Body):
    z_ordering_enabled: bool = False
    z_ordering_columns: list[Name] = Field(default_factory=list)

    @model_validator(mode="after")
    def _no_z_order(self) -> Self:
        if self.z_ordering_enabled:
            raise ValueError("destination.optimization.z_ordering_enabled is not supported; leave it false")
        return self


class Destination(Body):
    catalog: Name
    database: Name
    table: Name
    write_mode: str = "append"
    partitioning: Partitioning = Field(default_factory=Partitioning)
    optimization: Optimization = Field(default_factory=Optimization)

    @field_validator("write_mode")
    @classmethod
    def _appends(cls, mode: str) -> str:
        if mode != "append":
            raise ValueError(f"destination.write_mode '{mode}' is not supported; only 'append' is")
        return mode


class Backfill(Body):
    enabled: bool = False
    start_date: date | None = None


class Schedule(Body):
    frequency: Literal["daily", "hourly", "weekly", "custom"] | None = None
    time: str | None = None
    timezone: str = "UTC"
    cron_expression: str | None = None
    backfill: Backfill = Field(default_factory=Backfill)

    @model_validator(mode="after")
    def _custom_has_cron(self) -> Self:
        if self.frequency == "custom" and not self.cron_expression:
            raise ValueError("schedule.cron_expression is required where schedule.frequency is 'custom'")
        return self


class Quality(Body):
    row_count_threshold: int | None = Field(default=None, ge=0)
    alerts_enabled: bool = False
    alert_recipients: list[str] = Field(default_factory=list)


class IngestionCreate(Body):
    name: Name
    cluster_id: Name = "local"
    source: Source
    format: Format
    destination: Destination
    schedule: Schedule = Field(default_factory=Schedule)
    quality: Quality = Field(default_factory=Quality)
    on_schema_change: Policy | None = None

    def policy(self) -> Policy:
        if self.on_schema_change:
            return self.on_schema_change
        return "append_new_columns" if self.format.inferred.evolution_enabled else "ignore"


class IngestionUpdate(Body):
    """What may be changed later; a field left out stays."""

    status: Literal["draft", "active", "paused", "error"] | None = None
    schedule: Schedule | None = None
    quality: Quality | None = None
    alert_recipients: list[str] | None = None


class Preview(Body):
    """A source and a format to look into; the destination says what is new."""

    source: Source
    format: Format
    destination: Destination | None = None
    schedule: Schedule = Field(default_factory=Schedule)


class Refresh(Body):
    confirm: bool = False
    auto_run: bool = True
    dry_run: bool = False
