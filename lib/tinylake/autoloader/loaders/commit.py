"""One commit per run, exactly once: whatever the answer, the table's history is asked before anything is tried again.

A second attempt is safe even if the first is still on its way: each asserts the snapshot that it was made on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from pydantic import ValidationError
from pyiceberg.exceptions import BadRequestError, CommitFailedException, ForbiddenError, RESTError, UnauthorizedError
from requests.exceptions import RequestException
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from tinylake.autoloader import destination, identity
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.iceberg import iceberg_type
from tinylake.autoloader.secrecy import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from pyiceberg.catalog.rest import RestCatalog
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table, Transaction

    from tinylake.autoloader.loaders.job import Job
    from tinylake.autoloader.schema.evolution import Plan

log = structlog.get_logger(__name__)
COMMIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 2.0
SERVER_ERRORS = 8  # answers of 500 in a row to commits of which the history knows nothing: it is no outage, but a no
REFUSALS = (BadRequestError, ForbiddenError, UnauthorizedError)
UNCLEAR = (RequestException, RESTError, ValidationError)  # of RESTErrors those that are not refusals: 5xx, 429


class TryAgainError(Exception):
    """The attempt did not land, or nobody knows: the table's history says which, at the next one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data files that were written for one state of the table, and what the run's snapshot shall say."""

    plan: Plan
    fits: tuple[object, ...]
    data_files: list[DataFile]
    properties: Mapping[str, str]


@dataclass(slots=True)
class Attempts:
    """What the attempts so far have shown. `others`: this ingestion's runs that were in the history at the start.

    `server_errors` counts the last answers in a row that were a plain 500.
    """

    others: AbstractSet[str]
    prepared: Prepared | None = None
    unclear: bool = False
    server_errors: int = 0
    last_error: str = field(default="")

    @property
    def hopeless(self) -> bool:
        """Whether the catalog has said often enough that it cannot do this."""
        return self.server_errors >= SERVER_ERRORS


def commit(job: Job, catalog: RestCatalog, table: Table, prepare: Callable[[Table], Prepared]) -> Prepared:
    """What was committed, once it is in the table's history. `prepare` is called again when the table's schema changed.

    Failure: commit_conflict where it is not there, commit_unknown where it may be and nobody can tell for now.
    """
    attempts = Attempts(set(identity.landed(table, job.ingestion_id)))
    too_long = stop_after_delay(COMMIT_SECONDS)
    turns = Retrying(
        retry=retry_if_exception_type(TryAgainError),
        wait=wait_random_exponential(multiplier=0.1, max=LONGEST_WAIT_SECONDS),
        stop=lambda turn: attempts.hopeless or too_long(turn),
    )
    try:
        return turns(attempt, job, catalog, prepare, attempts)
    except RetryError as error:
        kind = ErrorType.COMMIT_UNKNOWN if attempts.unclear else ErrorType.COMMIT_CONFLICT
        asked = f"to {SERVER_ERRORS} attempts" if attempts.server_errors else f"within {COMMIT_SECONDS:.0f} s"
        message = f"no clear answer to the commit at {job.settings.catalog_uri} {asked}"
        raise Failure(kind, redact(f"{message}: {attempts.last_error}")) from error


def attempt(job: Job, catalog: RestCatalog, prepare: Callable[[Table], Prepared], attempts: Attempts) -> Prepared:
    """One turn: look into the history, prepare what is not prepared for this state of the table, commit."""
    table = _load(job, catalog, attempts)
    history = set(identity.landed(table, job.ingestion_id))
    if job.run_id in history and attempts.prepared:
        return attempts.prepared
    if late := history - attempts.others:
        message = f"an earlier run's commit arrived late ({', '.join(sorted(late))}); run again to load what is left"
        raise Failure(ErrorType.COMMIT_CONFLICT, message)
    if attempts.prepared is None or attempts.prepared.fits != shape_of(table):
        attempts.prepared = prepare(table)
    if attempts.prepared.data_files:
        _send(job, table, attempts)
    return attempts.prepared


def shape_of(table: Table) -> tuple[object, ...]:
    """What of a table must not have changed for prepared files to fit it still."""
    meta = table.metadata
    return meta.table_uuid, table.schema(), meta.last_column_id, table.spec()


def apply(table: Table, prepared: Prepared) -> None:
    """Schema change and data in one commit."""
    table.metadata.properties["commit.retry.num-retries"] = "0"  # of this copy: conflicts are this module's to judge
    change = table.transaction()
    evolve(change, prepared.plan)
    with change.update_snapshot(snapshot_properties=dict(prepared.properties)).fast_append() as append:
        for data_file in prepared.data_files:
            append.append_data_file(data_file)
    change.commit_transaction()


def evolve(change: Transaction, plan: Plan) -> None:
    """Add, widen and drop the plan's columns, in place."""
    if plan.additions or plan.widenings or plan.removals:
        with change.update_schema() as update:
            for addition in plan.additions:
                update.add_column(addition.path, iceberg_type(addition.type))
            for widening in plan.widenings:
                update.update_column(widening.path, iceberg_type(widening.new))
            for name in plan.removals:
                update.delete_column(name)


def _send(job: Job, table: Table, attempts: Attempts) -> None:
    assert attempts.prepared is not None  # noqa: S101 - for the type checker
    try:
        apply(table, attempts.prepared)
    except CommitFailedException as error:
        attempts.last_error = str(error)
        log.info("commit conflict", run=job.run_id, error=str(error))
        raise TryAgainError from error
    except REFUSALS as error:
        raise destination.failure_of(error, job.settings) from error
    except UNCLEAR as error:
        attempts.unclear, attempts.last_error = True, str(error)
        attempts.server_errors = attempts.server_errors + 1 if _status(error) == HTTPStatus.INTERNAL_SERVER_ERROR else 0
        log.warning("commit unclear", run=job.run_id, error=str(error))
        raise TryAgainError from error


def _status(error: BaseException) -> int:
    """The HTTP status behind an error of PyIceberg; 0 where no answer came."""
    response = getattr(error.__cause__, "response", None)
    return response.status_code if response is not None else 0


def _load(job: Job, catalog: RestCatalog, attempts: Attempts) -> Table:
    try:
        table = destination.load(catalog, job.namespace, job.table)
    except (RequestException, RESTError) as error:
        if not attempts.unclear:
            raise destination.failure_of(error, job.settings) from error
        attempts.last_error = str(error)
        raise TryAgainError from error
    if table is None:
        message = f"table {job.namespace}.{job.table} at {job.settings.catalog_uri} vanished during the run"
        raise Failure(ErrorType.COMMIT_CONFLICT, message)
    return table
