"""What the table's history says about runs whose end this service has not recorded. The history is right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from tinylake.autoloader import outcome
from tinylake.autoloader.failures import ErrorType, Failure, error_of
from tinylake.autoloader.outcome import Outcome
from tinylake.autoloader.store import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.table import Table

    from tinylake.autoloader.execute import Service
    from tinylake.autoloader.settings import Settings
    from tinylake.autoloader.store.ingestions import Ingestion
    from tinylake.autoloader.store.runs import Run

log = structlog.get_logger(__name__)
LOADED = ("success", "partial")


def settle(service: Service, ingestion: Ingestion, current: str | None = None) -> None:
    """Record the outcome of every run but `current` that began and has none; Failure if the catalog does not answer."""
    from tinylake.autoloader import identity  # noqa: PLC0415 - PyIceberg is imported when it is needed

    table = table_of(service.settings, *ingestion.destination[1:])
    landed = identity.landed(table, ingestion.id)
    for run_id, summary in landed.items():
        run = runs.find(service.engine, run_id)
        if run and run.id != current and not (run.phase == runs.RECORDED and run.status in LOADED):
            record_landed(service, run, summary)
    for run in runs.unsettled(service.engine, ingestion.id):
        if run.id != current and run.id not in landed:
            record_interrupted(service, run, table)


def record_landed(service: Service, run: Run, summary: Mapping[str, str]) -> None:
    """The run's commit is in the history: its files are those that the snapshot names."""
    from tinylake.autoloader import identity  # noqa: PLC0415

    decided = Outcome(**run.draft) if run.draft else Outcome()
    came_to = replace(
        decided,
        files=[file.as_json() for file in identity.files_of(summary)],
        records=int(summary.get("added-records", decided.records)),
        bytes_written=int(summary.get("added-files-size", decided.bytes_written)),
    )
    log.info("run had landed", run=run.id, files=len(came_to.files))
    outcome.record(service.engine, run, came_to)


def record_interrupted(service: Service, run: Run, table: Table | None) -> None:
    """The run's commit is not in the history: nothing of it counts.

    Its data files go too, but not where a commit was sent: one that is still on its way may yet need them.
    """
    message = "the service ended during this run; none of its rows were loaded: run again, or retry it"
    if run.ended_at:
        message = "the commit of this run is not in the table's history; none of its rows were loaded: retry it"
    log.info("run had not landed", run=run.id, phase=run.phase)
    if table is not None and run.phase == runs.RUNNING:
        _remove(table, run.data_files)
    failed = Outcome(errors=[error_of(None, Failure(ErrorType.INTERRUPTED, message)).as_json()])
    outcome.record(service.engine, run, failed)


def table_of(settings: Settings, namespace: str, table: str) -> Table | None:
    """The destination as the catalog knows it, or None; Failure where the catalog does not answer."""
    from tinylake.autoloader import destination  # noqa: PLC0415

    try:
        return destination.load(destination.connect(settings), namespace, table)
    except Exception as error:
        raise destination.failure_of(error, settings) from error


def _remove(table: Table, paths: list[str]) -> None:
    from tinylake.autoloader import destination  # noqa: PLC0415

    for path in paths:
        if path.endswith("/"):
            destination.remove_folder(table, path)
            continue
        try:
            table.io.delete(path)
        except Exception as error:  # noqa: BLE001 - best effort: a leftover costs space, and no row
            log.info("leftover stays", path=path, error=str(error))
