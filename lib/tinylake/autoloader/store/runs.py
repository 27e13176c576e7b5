"""Runs as rows. `phase` is the state machine: queued, running, committing, recorded; `status` is what users see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import and_, desc, insert, select, update

from tinylake.autoloader.clock import days_ago, now
from tinylake.autoloader.store.database import planned_files, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Row

    from tinylake.autoloader.store.files import SourceFile

QUEUED, RUNNING, COMMITTING, RECORDED = "queued", "running", "committing", "recorded"
UNSETTLED = (RUNNING, COMMITTING)
NO_METRICS: dict[str, Any] = {
    "files_processed": 0,
    "records_ingested": 0,
    "bytes_read": 0,
    "bytes_written": 0,
    "duration_seconds": 0.0,
    "error_count": 0,
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `draft` is the outcome as decided before its commit; `data_files` what it may have left in the table."""

    sequence: int
    id: str
    ingestion_id: str
    status: str
    phase: str
    trigger: str
    retry_of: str | None
    accepted_at: str
    started_at: str
    ended_at: str | None
    metrics: dict[str, Any]
    errors: list[dict[str, Any]]
    draft: dict[str, Any] | None
    data_files: list[str]


def enqueue(engine: Engine, ingestion_id: str, trigger: str, retry_of: str | None = None) -> str:
    """The id of a new run, which waits for its turn."""
    run_id, moment = f"run-{uuid4().hex}", now()
    values: dict[str, Any] = {
        "id": run_id,
        "ingestion_id": ingestion_id,
        "status": "running",
        "phase": QUEUED,
        "trigger": trigger,
        "retry_of": retry_of,
        "accepted_at": moment,
        "started_at": moment,
        "metrics": NO_METRICS,
        "errors": [],
        "data_files": [],
    }
    with engine.begin() as connection:
        connection.execute(insert(runs).values(values))
    return run_id


def find(engine: Engine, run_id: str) -> Run | None:
    found = _select(engine, runs.c.id == run_id)
    return found[0] if found else None


def history(engine: Engine, ingestion_id: str, days: int, limit: int) -> list[Run]:
    """The ingestion's runs of so many days, newest first."""
    recent = and_(runs.c.ingestion_id == ingestion_id, runs.c.accepted_at >= days_ago(days))
    query = select(runs).where(recent).order_by(desc(runs.c.sequence)).limit(limit)
    with engine.connect() as connection:
        return [_run(row) for row in connection.execute(query)]


def waiting(engine: Engine, ingestion_id: str) -> list[Run]:
    """The ingestion's queued runs, in the order in which they were accepted."""
    return _select(engine, and_(runs.c.ingestion_id == ingestion_id, runs.c.phase == QUEUED))


def unsettled(engine: Engine, ingestion_id: str | None = None) -> list[Run]:
    """The runs that began and whose outcome is not recorded, oldest first."""
    began = runs.c.phase.in_(UNSETTLED)
    return _select(engine, began if ingestion_id is None else and_(began, runs.c.ingestion_id == ingestion_id))


def ingestions_with_queued_runs(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(runs.c.ingestion_id).where(runs.c.phase == QUEUED).distinct()).scalars())


def begin(engine: Engine, run_id: str) -> bool:
    """Whether the run was queued, and now runs."""
    queued = and_(runs.c.id == run_id, runs.c.phase == QUEUED)
    with engine.begin() as connection:
        return connection.execute(update(runs).where(queued).values(phase=RUNNING, started_at=now())).rowcount == 1


def plan(engine: Engine, run_id: str, files: Sequence[SourceFile]) -> None:
    """Record what the run is about to load."""
    rows = [{"run_id": run_id, "path": file.path, "etag": file.etag, "size": file.size} for file in files]
    if rows:
        with engine.begin() as connection:
            connection.execute(insert(planned_files), rows)


def planned_paths(engine: Engine, run_id: str) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(select(planned_files.c.path).where(planned_files.c.run_id == run_id)).scalars())


def note_data_files(engine: Engine, run_id: str, paths: Sequence[str]) -> None:
    """Record, before they are written, the Parquet files that a crash would leave behind."""
    with engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(data_files=list(paths)))


def committing(engine: Engine, run_id: str, draft: dict[str, Any]) -> None:
    """Record the outcome that the run will have if its commit arrives."""
    with engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(phase=COMMITTING, draft=draft))


def change(connection: Connection, run_id: str, **values: Any) -> None:
    connection.execute(update(runs).where(runs.c.id == run_id).values(**values))


def last(engine: Engine, ingestion_id: str) -> Run | None:
    query = select(runs).where(runs.c.ingestion_id == ingestion_id).order_by(desc(runs.c.sequence)).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return _run(row) if row else None


def _select(engine: Engine, condition: ColumnElement[bool]) -> list[Run]:
    with engine.connect() as connection:
        return [_run(row) for row in connection.execute(select(runs).where(condition).order_by(runs.c.sequence))]


def _run(row: Row[Any]) -> Run:
    return Run(**row._asdict())
