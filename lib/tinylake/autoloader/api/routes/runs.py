"""Runs of one ingestion."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from tinylake.autoloader.api import answers, shown
from tinylake.autoloader.api.context import InContext, Named  # noqa: TC001 - FastAPI looks at them
from tinylake.autoloader.api.errors import unknown
from tinylake.autoloader.store import runs

router = APIRouter(prefix="/api/v1/ingestions/{ingestion_id}/runs", tags=["runs"])
RETRIED = ("failed", "partial")


@router.get("/", response_model=list[answers.RunAnswer])
@router.get("", include_in_schema=False, response_model=list[answers.RunAnswer])
def history(
    ingestion: Named,
    context: InContext,
    days: Annotated[int, Query(ge=1, le=3650)] = 30,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """The runs of so many days, newest first."""
    return [shown.run(found) for found in runs.history(context.engine, ingestion.id, days, limit)]


@router.get("/{run_id}", response_model=answers.RunAnswer)
def one(run_id: str, ingestion: Named, context: InContext) -> Any:
    return shown.run(_find(run_id, ingestion, context))


@router.post("/{run_id}/retry", status_code=202, response_model=answers.Accepted)
def retry(run_id: str, ingestion: Named, context: InContext) -> Any:
    """A new run for those files of this one that are not loaded; 409 where nothing failed, or it still runs."""
    found = _find(run_id, ingestion, context)
    if found.status not in RETRIED:
        raise HTTPException(409, f"run '{run_id}' is {found.status}: there is nothing to retry")
    again = runs.enqueue(context.engine, ingestion.id, "retry", retry_of=run_id)
    context.worker.wake(ingestion.id)
    return {"run_id": again}


def _find(run_id: str, ingestion: Named, context: InContext) -> runs.Run:
    found = runs.find(context.engine, run_id)
    if found is None or found.ingestion_id != ingestion.id:
        raise unknown("run", run_id)
    return found
