"""What a run came to, and its record: run, processed files and schema version in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tinylake.autoloader.clock import now, seconds_between
from tinylake.autoloader.failures import ErrorType
from tinylake.autoloader.store import files, ingestions, runs, schemas
from tinylake.autoloader.store.files import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from tinylake.autoloader.store.runs import Run


@dataclass(frozen=True, slots=True)
class Outcome:
    """Plain values, so that it can be kept in the database before the commit. `paths`: the table's schema after it."""

    files: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    records: int = 0
    bytes_written: int = 0
    columns: list[dict[str, Any]] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    changed_by: dict[str, list[str]] = field(default_factory=dict)
    policy: str = "ignore"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def status_of(outcome: Outcome) -> str:
    """Success without errors; failed where nothing was loaded for a reason other than a changed file; else partial."""
    if not outcome.errors:
        return "success"
    only_changed = all(error["error_type"] == ErrorType.CHANGED_FILE for error in outcome.errors)
    return "partial" if outcome.files or only_changed else "failed"


def metrics_of(outcome: Outcome, started_at: str, ended_at: str) -> dict[str, Any]:
    """What the run reports: only files whose rows are in the table count as processed and read."""
    return {
        "files_processed": len(outcome.files),
        "records_ingested": outcome.records,
        "bytes_read": sum(file["size"] for file in outcome.files),
        "bytes_written": outcome.bytes_written,
        "duration_seconds": seconds_between(started_at, ended_at),
        "error_count": len(outcome.errors),
    }


def record(engine: Engine, run: Run, outcome: Outcome, phase: str = runs.RECORDED) -> None:
    """Write the run's end; `phase` stays `committing` where the commit's fate is unknown."""
    ended_at = now()
    found = runs.find(engine, run.id)
    started_at = found.started_at if found else run.started_at
    with engine.begin() as connection:
        ingestions.hold(connection, run.ingestion_id)
        runs.change(
            connection,
            run.id,
            status=status_of(outcome),
            phase=phase,
            ended_at=ended_at,
            errors=outcome.errors,
            metrics=metrics_of(outcome, started_at, ended_at),
        )
        loaded = [SourceFile(**file) for file in outcome.files]
        files.mark_processed(connection, run.ingestion_id, run.id, loaded)
        record_schema(connection, run, outcome)


def record_schema(connection: Connection, run: Run, outcome: Outcome) -> None:
    """A new version where the table's schema differs from the last known one."""
    before = schemas.latest(connection, run.ingestion_id)
    if not outcome.paths or (before and before.paths == outcome.paths):
        return
    changes = changes_between(before.paths, outcome.paths) if before else []
    named = {change["column_name"] for change in changes}
    affected = sorted({path for name, paths in outcome.changed_by.items() if name in named for path in paths})
    loaded = [file["path"] for file in outcome.files]
    schemas.add(
        connection,
        run.ingestion_id,
        run.id,
        columns=outcome.columns,
        paths=outcome.paths,
        changes=changes,
        affected_files=affected if before else loaded,
        resolution_type=outcome.policy if before else "initial",
        initial=before is None,
    )


def changes_between(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    """What differs, outermost fields only: the fields of a new struct are not changes of their own."""
    added = [_change("NEW_COLUMN", name, None, after[name]) for name in _outermost(after, before)]
    removed = [_change("REMOVED_COLUMN", name, before[name], None) for name in _outermost(before, after)]
    shared = [name for name in after if name in before and before[name] != after[name]]
    return [*added, *removed, *(_change("TYPE_CHANGE", name, before[name], after[name]) for name in shared)]


def _outermost(names: Sequence[str] | dict[str, str], others: dict[str, str]) -> list[str]:
    mine = [name for name in names if name not in others]
    return [name for name in mine if not any(name.startswith(f"{outer}.") for outer in mine)]


def _change(kind: str, name: str, old: str | None, new: str | None) -> dict[str, Any]:
    return {"change_type": kind, "column_name": name, "old_type": old, "new_type": new}
