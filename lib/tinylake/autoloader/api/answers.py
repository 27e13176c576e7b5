"""Answers: rows of the store in the API's form."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from tinylake.autoloader.failures import ErrorType  # noqa: TC001 - pydantic looks at it


class RunErrorAnswer(BaseModel):
    file: str | None
    error_type: ErrorType
    message: str
    timestamp: str


class Metrics(BaseModel):
    files_processed: int
    records_ingested: int
    bytes_read: int
    bytes_written: int
    duration_seconds: float
    error_count: int


class RunAnswer(BaseModel):
    id: str
    ingestion_id: str
    started_at: str
    ended_at: str | None
    status: Literal["running", "success", "failed", "partial"]
    trigger: Literal["manual", "schedule", "retry", "refresh_full", "refresh_new_only"]
    metrics: Metrics
    errors: list[RunErrorAnswer]
    spark_job_id: str | None = None


class Metadata(BaseModel):
    checkpoint_location: str | None = None
    last_run_id: str | None = None
    last_run_time: str | None = None
    next_run_time: str | None = None
    schema_version: int = 0
    estimated_monthly_cost: float | None = None


class IngestionAnswer(BaseModel):
    id: str
    tenant_id: str
    name: str
    status: Literal["draft", "active", "paused", "error"]
    cluster_id: str
    spark_connect_url: str | None = None
    source: dict[str, Any]
    format: dict[str, Any]
    destination: dict[str, Any]
    schedule: dict[str, Any]
    quality: dict[str, Any]
    on_schema_change: str
    metadata: Metadata
    created_at: str
    updated_at: str
    created_by: str


class Accepted(BaseModel):
    run_id: str
    status: Literal["accepted"] = "accepted"


class StatusAnswer(BaseModel):
    status: str


class Cleared(BaseModel):
    message: str
    files_cleared: int
    ingestion_id: str


class Change(BaseModel):
    change_type: Literal["NEW_COLUMN", "REMOVED_COLUMN", "TYPE_CHANGE"]
    column_name: str
    old_type: str | None
    new_type: str | None


class SchemaVersionAnswer(BaseModel):
    version: int
    detected_at: str
    columns: list[dict[str, Any]] = Field(serialization_alias="schema")
    changes: list[Change]
    affected_files: list[str]
    resolution_type: str
    run_id: str


class Operation(BaseModel):
    operation: Literal["table_dropped", "processed_files_cleared", "run_triggered"]
    status: Literal["success", "failed", "skipped"]
    timestamp: str
    details: str | None = None
    error: str | None = None
    error_code: ErrorType | None = None


class Impact(BaseModel):
    files_to_process: int
    files_skipped: int
    bytes_to_process: int
    estimated_data_size_gb: float
    estimated_cost_usd: float
    estimated_duration_minutes: float


class NextSteps(BaseModel):
    to_proceed: str
    to_cancel: str


class RefreshAnswer(BaseModel):
    status: Literal["accepted", "dry_run", "partial_failure"]
    message: str
    ingestion_id: str
    run_id: str | None
    timestamp: str
    mode: Literal["full", "new_only"]
    operations: list[Operation]
    impact: Impact
    warnings: list[str]
    notes: list[str]
    would_perform: list[str] | None = None
    next_steps: NextSteps | None = None
