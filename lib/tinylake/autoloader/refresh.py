"""Starting a table over: full (everything again) or new-only (only what was never loaded)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from tinylake.autoloader import cost, discovery, reconcile, source
from tinylake.autoloader.clock import now
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.secrecy import redact
from tinylake.autoloader.store import files, ingestions, runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tinylake.autoloader.discovery import Discovery
    from tinylake.autoloader.execute import Service
    from tinylake.autoloader.store.ingestions import Ingestion

log = structlog.get_logger(__name__)
FULL, NEW_ONLY = "full", "new_only"
DROP, CLEAR, RUN = "table_dropped", "processed_files_cleared", "run_triggered"
OPERATIONS = {FULL: (DROP, CLEAR, RUN), NEW_ONLY: (DROP, RUN)}


@dataclass(slots=True)
class Refresh:
    """One refresh under way. `operations` are in the API's form."""

    service: Service
    ingestion: Ingestion
    mode: str
    auto_run: bool
    run_id: str | None = None
    operations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(operation["status"] == "failed" for operation in self.operations)


class SkippedError(Exception):
    """There was nothing to do, for the reason given."""


def perform(refresh: Refresh) -> Refresh:
    """Do the operations in order; after one that failed the rest is skipped, so that no row can come twice."""
    for name in OPERATIONS[refresh.mode]:
        entry: dict[str, Any] = {"operation": name, "status": "success", "timestamp": now()}
        try:
            if refresh.failed:
                raise SkippedError("an earlier operation failed")  # noqa: TRY301
            entry["details"] = _steps()[name](refresh)
        except SkippedError as reason:
            entry |= {"status": "skipped", "details": str(reason)}
        except Failure as failure:
            entry |= {"status": "failed", "error": failure.message, "error_code": failure.error_type}
        except Exception as error:
            log.exception("refresh broke", ingestion=refresh.ingestion.id, operation=name)
            message = redact(f"{type(error).__name__}: {error}")
            entry |= {"status": "failed", "error": message, "error_code": ErrorType.INTERNAL}
        refresh.operations.append(entry)
    return refresh


def drop_table(refresh: Refresh) -> str:
    """Drop the table with its files, once every earlier run is settled: afterwards its history is gone."""
    from tinylake.autoloader import destination  # noqa: PLC0415 - PyIceberg is imported when it is needed

    service = refresh.service
    catalog, namespace, table = refresh.ingestion.destination
    name = f"{catalog}.{namespace}.{table}"
    reconcile.settle(service, refresh.ingestion)
    try:
        dropped = destination.drop(destination.connect(service.settings), namespace, table)
    except Exception as error:
        raise destination.failure_of(error, service.settings) from error
    return f"{name} dropped, files included" if dropped else f"{name} did not exist"


def clear_files(refresh: Refresh) -> str:
    """Forget which files were loaded."""
    return f"{files.forget(refresh.service.engine, refresh.ingestion.id)} processed files forgotten"


def trigger_run(refresh: Refresh) -> str:
    """Accept a run, which starts when the refresh is done; Failure where it could not even list its source by now."""
    if not refresh.auto_run:
        raise SkippedError("auto_run is false")
    engine, ingestion = refresh.service.engine, refresh.ingestion
    require_source(ingestion)
    if ingestion.status == "draft":
        ingestions.change(engine, ingestion, status="active")
    refresh.run_id = runs.enqueue(engine, ingestion.id, f"refresh_{refresh.mode}")
    return f"run {refresh.run_id} accepted"


def require_source(ingestion: Ingestion) -> None:
    """See that the source can still be listed: the table is gone, and a run that fails later is told to nobody."""
    next(iter(source.open_source(ingestion.definition["source"], ingestion.credentials).objects()), None)


def _steps() -> dict[str, Callable[[Refresh], str]]:
    return {DROP: drop_table, CLEAR: clear_files, RUN: trigger_run}


def is_dry(dry_run: bool) -> bool:
    """Whether nothing may be changed."""
    return dry_run


def is_confirmed(confirm: bool) -> bool:
    """Whether the request may do anything at all."""
    return confirm


def impact_of(service: Service, ingestion: Ingestion, mode: str) -> dict[str, Any]:
    """What a run after the refresh has to load, by a listing of the source as it is now."""
    place = source.open_source(ingestion.definition["source"], ingestion.credentials)
    loaded = {} if mode == FULL else files.etags(service.engine, ingestion.id)
    found = discovery.discover(place, ingestion.definition["source"]["file_pattern"], loaded)
    return measure(found)


def measure(found: Discovery) -> dict[str, Any]:
    size = sum(file.size for file in found.new)
    return {
        "files_to_process": len(found.new),
        "files_skipped": len(found.known) + len(found.changed),
        "bytes_to_process": size,
        "estimated_data_size_gb": cost.gigabytes(size),
        "estimated_cost_usd": cost.run_cost(size),
        "estimated_duration_minutes": round(cost.run_seconds(size) / 60, 4),
    }
