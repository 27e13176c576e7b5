"""One run from beginning to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from tinylake.autoloader import clusters, discovery, outcome, reconcile, source
from tinylake.autoloader.failures import ErrorType, Failure, RunError, error_of
from tinylake.autoloader.formats import reader_for
from tinylake.autoloader.outcome import Outcome
from tinylake.autoloader.secrecy import redact
from tinylake.autoloader.store import files, runs

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tinylake.autoloader.discovery import Discovery
    from tinylake.autoloader.loaders.job import Job, Loaded
    from tinylake.autoloader.settings import Settings
    from tinylake.autoloader.store.ingestions import Ingestion
    from tinylake.autoloader.store.runs import Run

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What every run needs."""

    engine: Engine
    settings: Settings


def execute(service: Service, ingestion: Ingestion, run: Run) -> None:
    """Load what is new and record it. Every end but a kill is recorded."""
    log.info("run starts", run=run.id, ingestion=ingestion.id, trigger=run.trigger)
    phase = runs.RECORDED
    try:
        came_to = _work(service, ingestion, run)
    except Failure as failure:
        came_to = Outcome(errors=[error_of(None, failure).as_json()])
        phase = runs.COMMITTING if failure.error_type == ErrorType.COMMIT_UNKNOWN else runs.RECORDED
    except Exception as error:
        log.exception("run broke", run=run.id)
        message = redact(f"{type(error).__name__}: {error}")
        came_to = Outcome(errors=[error_of(None, Failure(ErrorType.INTERNAL, message)).as_json()])
    outcome.record(service.engine, run, came_to, phase)
    log.info("run ends", run=run.id, status=outcome.status_of(came_to), files=len(came_to.files), errors=came_to.errors)


def _work(service: Service, ingestion: Ingestion, run: Run) -> Outcome:
    kind = ingestion.definition["format"]
    load = clusters.loader_of(ingestion.definition["cluster_id"], service.settings)
    _check_catalog(service, ingestion)
    reader_for(kind["type"])
    found = find_files(service, ingestion, run)
    changed = [changed_error(file.path).as_json() for file in found.changed]
    runs.plan(service.engine, run.id, found.new)
    if not found.new:
        return finish_empty(service, ingestion, run, changed)

    def announce(loaded: Loaded) -> None:
        runs.committing(service.engine, run.id, as_outcome(ingestion, loaded, changed).as_json())

    loaded = load(_job(service, ingestion, run), found.new, announce)
    return as_outcome(ingestion, loaded, changed)


def finish_empty(_service: Service, _ingestion: Ingestion, _run: Run, changed: list[dict[str, str | None]]) -> Outcome:
    """Nothing is new: the table is not touched."""
    return Outcome(errors=changed)


def find_files(service: Service, ingestion: Ingestion, run: Run) -> Discovery:
    """What this run has to load: for a retry, of what the failed run had planned, what is still not loaded."""
    reconcile.settle(service, ingestion, run.id)
    place = source.open_source(ingestion.definition["source"], ingestion.credentials)
    pattern = ingestion.definition["source"]["file_pattern"]
    found = discovery.discover(place, pattern, files.etags(service.engine, ingestion.id))
    return only_retried(service, run.retry_of, found) if run.retry_of else found


def only_retried(service: Service, retry_of: str, found: Discovery) -> Discovery:
    """What the other run had planned; everything, if that one failed before it had a plan."""
    planned, other = runs.planned_paths(service.engine, retry_of), runs.find(service.engine, retry_of)
    if not planned and other and any(error["file"] is None for error in other.errors):
        return found
    again = [file for file in found.new if file.path in planned]
    return discovery.Discovery(again, found.changed, found.known)


def changed_error(path: str) -> RunError:
    message = f"{path} was overwritten after it was loaded; its first rows stay, and it is not loaded again"
    return error_of(path, Failure(ErrorType.CHANGED_FILE, message))


def as_outcome(ingestion: Ingestion, loaded: Loaded, changed: list[dict[str, str | None]]) -> Outcome:
    """What was loaded, as plain values."""
    from tinylake.autoloader.schema import types  # noqa: PLC0415 - Arrow is imported when it is needed

    row = loaded.row_type
    return Outcome(
        files=[file.as_json() for file in loaded.files],
        errors=[*changed, *(error.as_json() for error in loaded.errors)],
        records=loaded.records,
        bytes_written=loaded.bytes_written,
        columns=types.columns(row) if row is not None else [],
        paths=dict(types.paths(row)) if row is not None else {},
        changed_by=loaded.changed_by,
        policy=ingestion.definition["on_schema_change"],
    )


def _job(service: Service, ingestion: Ingestion, run: Run) -> Job:
    from tinylake.autoloader.loaders.job import Job  # noqa: PLC0415

    _, namespace, table = ingestion.destination
    parting = ingestion.definition["destination"].get("partitioning") or {}
    return Job(
        run_id=run.id,
        ingestion_id=ingestion.id,
        source=source.open_source(ingestion.definition["source"], ingestion.credentials),
        format=ingestion.definition["format"],
        namespace=namespace,
        table=table,
        policy=ingestion.definition["on_schema_change"],
        partition_columns=tuple(parting.get("columns") or ()) if parting.get("enabled") else (),
        settings=service.settings,
        note_data_files=lambda paths: runs.note_data_files(service.engine, run.id, paths),
    )


def _check_catalog(service: Service, ingestion: Ingestion) -> None:
    named, ours = ingestion.destination[0], service.settings.catalog_name
    if named != ours:
        message = f"destination.catalog '{named}' is unknown; this service writes to '{ours}'"
        message = f"{message} at {service.settings.catalog_uri}"
        raise Failure(ErrorType.UNKNOWN_CATALOG, message)
