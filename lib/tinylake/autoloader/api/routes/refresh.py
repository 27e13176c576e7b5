"""Refresh: full and new-only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter

from tinylake.autoloader import refresh as refreshing
from tinylake.autoloader.api import answers
from tinylake.autoloader.api.bodies import Refresh  # noqa: TC001 - FastAPI looks at it
from tinylake.autoloader.api.context import Context, InContext, Named, exclusively
from tinylake.autoloader.api.errors import field_error
from tinylake.autoloader.clock import now
from tinylake.autoloader.store.ingestions import Ingestion  # noqa: TC001

router = APIRouter(prefix="/api/v1/ingestions/{ingestion_id}/refresh", tags=["refresh"])
WARNINGS = {
    refreshing.FULL: ["the table and its history are deleted; every file of the source is loaded again"],
    refreshing.NEW_ONLY: ["the table and its history are deleted; rows of files loaded before do not come back"],
}
NOTES = ["cost and duration are estimates from the number of bytes; files and bytes are those of the source now"]


@router.post("/full", status_code=202, response_model=answers.RefreshAnswer)
def full(ingestion: Named, context: InContext, body: Refresh | None = None) -> Any:
    """Drop the table, forget the processed files, and load everything again."""
    return _refresh(context, ingestion, body, refreshing.FULL)


@router.post("/new-only", status_code=202, response_model=answers.RefreshAnswer)
def new_only(ingestion: Named, context: InContext, body: Refresh | None = None) -> Any:
    """Drop the table, and load only what was never loaded."""
    return _refresh(context, ingestion, body, refreshing.NEW_ONLY)


def _refresh(context: Context, ingestion: Ingestion, body: Refresh | None, mode: str) -> dict[str, Any]:
    if body is None or not refreshing.is_confirmed(body.confirm):
        raise field_error("confirm", "confirm: must be true, because a refresh drops the table; nothing was done")
    if refreshing.is_dry(body.dry_run):
        return _answer(ingestion, mode, refreshing.impact_of(context.service, ingestion, mode)) | _dry(mode, body)
    with contextmanager(exclusively)(context, ingestion, "refresh"):
        impact = refreshing.impact_of(context.service, ingestion, mode)
        done = refreshing.perform(refreshing.Refresh(context.service, ingestion, mode, body.auto_run))
    answer = _answer(ingestion, mode, impact) | {"run_id": done.run_id, "operations": done.operations}
    return answer | _failure(done) if done.failed else answer


def _failure(done: refreshing.Refresh) -> dict[str, Any]:
    broken = next(item for item in done.operations if item["status"] == "failed")
    message = f"{broken['operation']} failed: {broken['error']}; send the same refresh again to complete it"
    return {"status": "partial_failure", "message": message}


def _answer(ingestion: Ingestion, mode: str, impact: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": "accepted",
        "message": f"refresh {mode} of '{ingestion.name}' accepted",
        "ingestion_id": ingestion.id,
        "run_id": None,
        "timestamp": now(),
        "mode": mode,
        "operations": [],
        "impact": impact,
        "warnings": WARNINGS[mode],
        "notes": NOTES,
    }


def _dry(mode: str, body: Refresh) -> dict[str, Any]:
    operations = [name for name in refreshing.OPERATIONS[mode] if body.auto_run or name != refreshing.RUN]
    return {
        "status": "dry_run",
        "message": "dry run: nothing was changed",
        "would_perform": operations,
        "next_steps": {
            "to_proceed": "send the same request with dry_run false",
            "to_cancel": "do nothing: no state is kept of a dry run",
        },
    }
