"""Ingestions: what to load, from where to where."""

# ruff: noqa: FAST003 - the dependency `Named` takes ingestion_id

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter

from tinylake.autoloader import refresh as refreshing
from tinylake.autoloader import secrecy
from tinylake.autoloader.api import answers, shown
from tinylake.autoloader.api.bodies import IngestionCreate, IngestionUpdate  # noqa: TC001 - FastAPI looks at them
from tinylake.autoloader.api.context import InContext, Named, exclusively
from tinylake.autoloader.api.errors import unknown
from tinylake.autoloader.store import files, ingestions, runs, schemas

router = APIRouter(prefix="/api/v1/ingestions", tags=["ingestions"])


@router.post("/", status_code=201, response_model=answers.IngestionAnswer)
@router.post("", status_code=201, include_in_schema=False, response_model=answers.IngestionAnswer)
def create(body: IngestionCreate, context: InContext) -> Any:
    """The ingestion, in status draft. Its credentials are kept, and never shown again."""
    definition = body.model_dump(mode="json", by_alias=True, exclude={"name"})
    credentials = definition["source"]["credentials"]
    definition["source"]["credentials"] = secrecy.public_credentials(credentials)
    definition["on_schema_change"] = body.policy()
    secrecy.remember(secrecy.secret_texts(credentials))
    made = ingestions.create(context.engine, body.name, definition, credentials)
    return shown.ingestion(context.engine, made)


@router.get("/", response_model=list[answers.IngestionAnswer])
@router.get("", include_in_schema=False, response_model=list[answers.IngestionAnswer])
def every(context: InContext) -> Any:
    """All ingestions, oldest first."""
    return [shown.ingestion(context.engine, found) for found in ingestions.every(context.engine)]


@router.get("/{ingestion_id}", response_model=answers.IngestionAnswer)
def one(ingestion: Named, context: InContext) -> Any:
    return shown.ingestion(context.engine, ingestion)


@router.put("/{ingestion_id}", response_model=answers.IngestionAnswer)
def change(body: IngestionUpdate, ingestion: Named, context: InContext) -> Any:
    """The ingestion with a new status, schedule, quality or alert recipients."""
    definition = dict(ingestion.definition)
    for name in ("schedule", "quality"):
        if (part := getattr(body, name)) is not None:
            definition[name] = part.model_dump(mode="json")
    if body.alert_recipients is not None:
        definition["quality"] = {**definition["quality"], "alert_recipients": body.alert_recipients}
    status = body.status or ingestion.status
    changed = ingestions.change(context.engine, ingestion, definition=definition, status=status)
    return shown.ingestion(context.engine, changed)


@router.delete("/{ingestion_id}", status_code=204)
def remove(ingestion: Named, context: InContext, delete_table: bool = False) -> None:
    """Forget the ingestion, and drop its table where asked; 409 during a run."""
    with contextmanager(exclusively)(context, ingestion, "delete"):
        if delete_table:
            refreshing.drop_table(refreshing.Refresh(context.service, ingestion, refreshing.FULL, auto_run=False))
        ingestions.remove(context.engine, ingestion.id)


@router.post("/{ingestion_id}/run", status_code=202, response_model=answers.Accepted)
def trigger(ingestion: Named, context: InContext) -> Any:
    """A new run, which waits for its turn. A paused ingestion can still be run by hand."""
    if ingestion.status == "draft":
        ingestions.change(context.engine, ingestion, status="active")
    run_id = runs.enqueue(context.engine, ingestion.id, "manual")
    context.worker.wake(ingestion.id)
    return {"run_id": run_id}


@router.post("/{ingestion_id}/pause", response_model=answers.StatusAnswer)
def pause(ingestion: Named, context: InContext) -> Any:
    return {"status": ingestions.change(context.engine, ingestion, status="paused").status}


@router.post("/{ingestion_id}/resume", response_model=answers.StatusAnswer)
def resume(ingestion: Named, context: InContext) -> Any:
    return {"status": ingestions.change(context.engine, ingestion, status="active").status}


@router.delete("/{ingestion_id}/processed-files", response_model=answers.Cleared)
def forget_files(ingestion: Named, context: InContext) -> Any:
    """Every file counts as new again; the table stays as it is. 409 during a run."""
    with contextmanager(exclusively)(context, ingestion, "clear-processed-files"):
        cleared = files.forget(context.engine, ingestion.id)
    message = f"{cleared} processed files forgotten; the next run loads every file again"
    return {"message": message, "files_cleared": cleared, "ingestion_id": ingestion.id}


@router.get("/{ingestion_id}/schema-versions", response_model=list[answers.SchemaVersionAnswer])
def schema_versions(ingestion: Named, context: InContext) -> Any:
    """What became of the table's schema, oldest first."""
    return [shown.schema_version(found) for found in schemas.every(context.engine, ingestion.id)]


@router.get("/{ingestion_id}/schema-versions/{version}", response_model=answers.SchemaVersionAnswer)
def schema_version(version: int, ingestion: Named, context: InContext) -> Any:
    for found in schemas.every(context.engine, ingestion.id):
        if found.version == version:
            return shown.schema_version(found)
    raise unknown("schema version", str(version))
