"""How the store's rows look from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinylake.autoloader import cost
from tinylake.autoloader.store import runs, schemas

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tinylake.autoloader.store.ingestions import Ingestion
    from tinylake.autoloader.store.runs import Run


def ingestion(engine: Engine, found: Ingestion) -> dict[str, Any]:
    return {
        **found.definition,
        "id": found.id,
        "tenant_id": found.tenant_id,
        "name": found.name,
        "status": found.status,
        "metadata": _metadata(engine, found),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "created_by": found.created_by,
    }


def run(found: Run) -> dict[str, Any]:
    names = ("id", "ingestion_id", "started_at", "ended_at", "status", "trigger", "metrics", "errors")
    return {name: getattr(found, name) for name in names}


def schema_version(found: schemas.SchemaVersion) -> dict[str, Any]:
    names = ("version", "detected_at", "columns", "changes", "affected_files", "resolution_type", "run_id")
    return {name: getattr(found, name) for name in names}


def _metadata(engine: Engine, found: Ingestion) -> dict[str, Any]:
    newest = runs.last(engine, found.id)
    with engine.connect() as connection:
        schema = schemas.latest(connection, found.id)
    frequency = found.definition["schedule"].get("frequency")
    size = newest.metrics["bytes_read"] if newest else None
    return {
        "last_run_id": newest.id if newest else None,
        "last_run_time": newest.started_at if newest else None,
        "schema_version": schema.version if schema else 0,
        "estimated_monthly_cost": cost.estimate(0, size, frequency)["total_monthly"] if size else None,
    }
