"""Data files: Parquet of bounded size with field ids, one stream per partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.transforms import IdentityTransform

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.conform import conform
from tinylake.autoloader.schema.iceberg import file_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table

ROWS_PER_FILE = 500_000
OPEN_FILES = 64
SAMPLE_ROWS = 10_000
Partition = tuple[Any, ...]


class DataFileWriter:
    """Writes batches to a table's location. `note` hears of every path before it is written."""

    def __init__(self, table: Table, schema: Schema, stem: str, note: Callable[[Sequence[str]], None]) -> None:
        self.paths: list[str] = []
        self._table, self._stem, self._note = table, stem, note
        self._schema = file_schema(schema)
        self._keys = partition_columns(table.spec(), schema)
        self._open: dict[Partition, tuple[pq.ParquetWriter, Any]] = {}
        self._rows: dict[Partition, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for key in list(self._open):
            self._close(key)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the batch's rows. Failure names a column whose values do not fit."""
        for key, part in self._parts(conform(batch, self._schema)):
            if self._rows.get(key, 0) + part.num_rows > ROWS_PER_FILE:
                self._close(key)
            self._writer(key, part).write_batch(part)
            self._rows[key] = self._rows.get(key, 0) + part.num_rows

    def _parts(self, batch: pa.RecordBatch) -> Iterator[tuple[Partition, pa.RecordBatch]]:
        if not self._keys:
            yield (), batch
            return
        keys = pa.Table.from_batches([batch]).select(self._keys).group_by(self._keys).aggregate([]).to_pylist()
        for key in keys:
            mask = None
            for name, value in key.items():
                column = batch.column(name)
                same = pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), fill_value=False)
                mask = same if mask is None else pc.and_(mask, same)
            yield tuple(key.values()), batch.filter(mask)

    def _writer(self, key: Partition, first: pa.RecordBatch) -> pq.ParquetWriter:
        if key not in self._open:
            if len(self._open) >= OPEN_FILES:
                self._close(next(iter(self._open)))
            path = self._table.location_provider().new_data_location(f"{self._stem}-{len(self.paths):05d}.parquet")
            self.paths.append(path)
            self._note(self.paths)
            stream = self._table.io.new_output(path).create(overwrite=True)
            writer = pq.ParquetWriter(stream, self._schema, compression="zstd", use_dictionary=repeating(first))
            self._open[key] = writer, stream
        return self._open[key][0]

    def _close(self, key: Partition) -> None:
        if key in self._open:
            writer, stream = self._open.pop(key)
            self._rows.pop(key, None)
            writer.close()
            stream.close()


def repeating(batch: pa.RecordBatch) -> list[str] | bool:
    """The columns that a dictionary is worth its time for: half of the first values are there twice. True: all are."""
    if any(pa.types.is_nested(field.type) for field in batch.schema):
        return True
    seen = batch.slice(0, SAMPLE_ROWS)
    return [name for name in seen.schema.names if 2 * pc.count_distinct(seen[name]).as_py() < seen.num_rows]


def partition_columns(spec: PartitionSpec, schema: Schema) -> list[str]:
    """The columns by which rows are parted; Failure where the table has a transform other than identity."""
    for field in spec.fields:
        if not isinstance(field.transform, IdentityTransform):
            message = f"the table is partitioned by {field.transform} ({field.name}); supported: identity"
            raise Failure(ErrorType.INVALID_PARTITIONING, message)
    return [str(schema.find_column_name(field.source_id)) for field in spec.fields]
