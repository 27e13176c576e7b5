"""The loader inside the service itself: Arrow reads, Parquet is written ahead, PyIceberg commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from pyiceberg.io.pyarrow import parquet_file_to_data_file

from tinylake.autoloader import destination, identity
from tinylake.autoloader.failures import Failure, error_of
from tinylake.autoloader.loaders import commit, reading
from tinylake.autoloader.loaders.job import Job, Loaded
from tinylake.autoloader.loaders.spool import Spool
from tinylake.autoloader.loaders.writer import DataFileWriter
from tinylake.autoloader.schema import evolution
from tinylake.autoloader.schema.iceberg import row_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.catalog.rest import RestCatalog
    from pyiceberg.manifest import DataFile
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table
    from pyiceberg.table.metadata import TableMetadata

    from tinylake.autoloader.loaders.reading import FileRows, Read
    from tinylake.autoloader.schema.evolution import Plan
    from tinylake.autoloader.store.files import SourceFile


Write = Callable[["Work", "Table", "Plan", "TableMetadata"], "list[DataFile]"]


@dataclass(slots=True)
class Work:
    """A job under way. `write` is what makes data files of the rows of a plan's files, for the table as it will be.

    `refused`: files whose values turned out not to fit.
    """

    job: Job
    read: Read
    spool: Spool
    announce: Callable[[Loaded], None]
    write: Write
    refused: dict[str, Failure] = field(default_factory=dict)
    noted: list[str] = field(default_factory=list)
    loaded: Loaded = field(default_factory=Loaded)


class FileRefusedError(Exception):
    """The rows of one file do not fit the table."""

    def __init__(self, path: str, failure: Failure) -> None:
        super().__init__(path)
        self.path, self.failure = path, failure


def load(job: Job, files: Sequence[SourceFile], announce: Callable[[Loaded], None]) -> Loaded:
    """See `Loader`. Failure where nothing could be loaded at all."""
    return load_with(write, job, files, announce)


def load_with(write: Write, job: Job, files: Sequence[SourceFile], announce: Callable[[Loaded], None]) -> Loaded:
    """As `load`, with data files that `write` makes; what is planned, committed and reported is the same."""
    try:
        return _load(write, job, files, announce)
    except Exception as error:
        raise destination.failure_of(error, job.settings) from error


def _load(write: Write, job: Job, files: Sequence[SourceFile], announce: Callable[[Loaded], None]) -> Loaded:
    catalog = destination.connect(job.settings)
    table = destination.load(catalog, job.namespace, job.table)
    with Spool() as spool:
        known = row_type(table.schema()) if table else None
        work = Work(job, reading.read_files(job.source, job.format, files, known, spool), spool, announce, write)
        table = table or _create(work, catalog)
        if table is None:
            plan = _plan(work, None)
            return _loaded(work, plan, 0)
        commit.commit(job, catalog, table, lambda current: prepare(work, current))
    return work.loaded


def _create(work: Work, catalog: RestCatalog) -> Table | None:
    """The table for the first rows, with all that these bring; None where there are none."""
    job, plan = work.job, _plan(work, None)
    if not rows_of(work, plan):
        return None
    return destination.create(catalog, job.namespace, job.table, plan.row, job.partition_columns)


def prepare(work: Work, table: Table) -> commit.Prepared:
    """Write the data files for the table as it is now, and tell what the run will come to."""
    while True:
        plan = _plan(work, table)
        change = table.transaction()
        commit.evolve(change, plan)
        try:
            data_files = work.write(work, table, plan, change.table_metadata) if rows_of(work, plan) else []
        except FileRefusedError as refused:
            work.refused[refused.path] = refused.failure
            continue
        metadata = change.table_metadata
        work.loaded = _loaded(work, plan, sum(file.file_size_in_bytes for file in data_files), metadata.schema())
        if data_files:
            work.announce(work.loaded)
        named = identity.properties(work.job.run_id, work.job.ingestion_id, work.loaded.files)
        return commit.Prepared(plan, commit.shape_of(table), data_files, named)


def _plan(work: Work, table: Table | None) -> Plan:
    kinds = {path: rows.row_type for path, rows in work.read.files.items() if path not in work.refused}
    return evolution.plan(row_type(table.schema()) if table else None, kinds, work.job.policy)


def rows_of(work: Work, plan: Plan) -> int:
    """How many rows the plan's files have."""
    return sum(work.read.files[path].rows for path in plan.accepted)


def write(work: Work, table: Table, plan: Plan, metadata: TableMetadata) -> list[DataFile]:
    """Write what the spool has, here. FileRefusedError where a file's values do not fit."""
    with DataFileWriter(table, metadata.schema(), new_stem(work), noting(work)) as writer:
        for path in plan.accepted:
            _write_file(work, writer, work.read.files[path])
    return [parquet_file_to_data_file(table.io, metadata, path) for path in writer.paths]


def new_stem(work: Work) -> str:
    """A name for what one attempt of a run writes."""
    return f"{work.job.run_id}-{uuid4().hex[:8]}"


def noting(work: Work) -> Callable[[Sequence[str]], None]:
    """What is told the paths that are about to be written: they are noted beside those of earlier attempts."""
    earlier = list(work.noted)

    def note(paths: Sequence[str]) -> None:
        work.noted = [*earlier, *paths]
        work.job.note_data_files(work.noted)

    return note


def _write_file(work: Work, writer: DataFileWriter, rows: FileRows) -> None:
    for batch in work.spool.batches(rows.places):
        try:
            writer.write(batch)
        except Failure as failure:
            raise FileRefusedError(rows.file.path, failure) from failure


def _loaded(work: Work, plan: Plan, bytes_written: int, schema: Schema | None = None) -> Loaded:
    refused = {**work.refused, **plan.rejected}
    errors = [*work.read.errors, *(error_of(path, reading.named(path, failure)) for path, failure in refused.items())]
    return Loaded(
        files=[work.read.files[path].file for path in plan.accepted],
        errors=errors,
        records=rows_of(work, plan),
        bytes_written=bytes_written,
        row_type=row_type(schema) if schema and plan.accepted else None,
        changed_by=plan.changed_by,
    )
