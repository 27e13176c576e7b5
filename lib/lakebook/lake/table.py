"""A table as the checks see it: its metadata from the catalog, its rows from the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lakebook.errors import ServiceError
from lakebook.lake import pictures, type_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa
    from pyiceberg.schema import Schema
    from pyiceberg.table.metadata import TableMetadata

    from lakebook.lake.catalog import Catalog
    from lakebook.lake.engine import Engine, Reader
    from lakebook.lake.ingestion import Run
    from lakebook.lake.source import Landed
    from lakebook.panel import Shown

_SHOWN_ROWS = 5
_UNREADABLE = (AttributeError, TypeError, ValueError)  # what PyIceberg raises for metadata that are none


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a table's rows differ from the expected ones, as multisets, value by value.

    `missing` and `unexpected` hold the first few of the rows that one side has more often than the other;
    `missing_columns` are expected columns that the table lacks, `refusal` is why the reader could not read: then no row
    was compared. `other_types` are columns of another type than expected, with both: an engine may compare a number
    with a text as if they were the same. `unique_keys` counts the different values of the key column.
    """

    table: str
    reader: str
    snapshot_id: int | None
    expected_rows: int
    got_rows: int
    unique_keys: int
    missing_columns: tuple[str, ...] = ()
    other_types: tuple[str, ...] = ()
    missing: tuple[dict[str, Any], ...] = ()
    unexpected: tuple[dict[str, Any], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class TableVersion:
    """A table's identity and history at one moment.

    `schemas` holds every schema that the metadata lists, oldest first: the full name of each field, nested ones
    included, by its id; the current one is `fields`. `lineage` are the current snapshot and its ancestors, newest
    first, each with its operation. `columns` are the types of the current schema's columns, in order. `refusal` is why
    a client could not read the metadata: then nothing else is known.
    """

    uuid: str
    lineage: tuple[tuple[int, str], ...]
    fields: dict[int, str]
    schemas: tuple[dict[int, str], ...]
    last_column_id: int
    columns: dict[str, str] = field(default_factory=dict)
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the scenario's namespace, whether or not it exists yet; as it was at a snapshot, where `as_of` is one.

    Only the rows are then those of that time, and the columns that are seen with them.
    """

    namespace: str
    name: str
    catalog: Catalog = field(repr=False)
    engine: Engine = field(repr=False)
    as_of: int | None = None

    @property
    def identifier(self) -> tuple[str, str]:
        """The name as a catalog takes it."""
        return (self.namespace, self.name)

    def at(self, snapshot_id: int | None) -> Table:
        """Return the table as the engine shows it by time travel: a snapshot's rows, under the schema of its time."""
        return replace(self, as_of=snapshot_id)

    def exists(self) -> bool:
        """Tell whether the catalog knows the table, even if its metadata cannot be read."""
        try:
            return bool(self.catalog.client().table_exists(self.identifier))
        except _UNREADABLE:
            return True

    def metadata(self) -> TableMetadata:
        """Return the table's metadata as the catalog has it now. Raises ServiceError for what is none."""
        try:
            found: TableMetadata = self.catalog.client(vended=False).load_table(self.identifier).metadata
        except _UNREADABLE as error:
            raise ServiceError(
                f"the metadata of {self.name} cannot be read",
                expected="table metadata as the Iceberg specification has them",
                got=f"{type(error).__name__}: {error}"[:1000],
                where=self.catalog.url,
            ) from None
        return found

    def uuid(self) -> str:
        """Return the table's identity: the same as long as it was not dropped and made again."""
        return str(self.metadata().table_uuid)

    def snapshot_id(self) -> int | None:
        """Return the id of the current snapshot; None where nothing was ever written."""
        return self.metadata().current_snapshot_id

    def columns(self) -> dict[str, str]:
        """Return the types of the columns by name, in order, as Iceberg writes them."""
        return _columns(self.metadata().schema())

    def seen_columns(self) -> dict[str, str]:
        """Return the types of the columns by name, as the engine shows them to someone who reads the rows."""
        return {column.name: type_names.of_arrow(column.type) for column in self.query("SELECT * FROM {table}").schema}

    def version(self) -> TableVersion:
        """Return the table's identity, history and fields as they are now, or why a client cannot read them."""
        try:
            metadata = self.metadata()
        except ServiceError as error:
            return TableVersion("", (), {}, (), 0, refusal=error.got)
        return TableVersion(
            str(metadata.table_uuid),
            _lineage(metadata),
            _fields(metadata.schema()),
            tuple(_fields(schema) for schema in metadata.schemas),
            metadata.last_column_id,
            _columns(metadata.schema()),
        )

    def query(self, select: str, reader: Reader | None = None) -> pa.Table:
        """Return what the engine, or another reader, answers; `{table}` stands for this table."""
        reader = reader or self.engine
        return reader.sql(self.named(select, reader))

    def named(self, select: str, reader: Reader | None = None) -> str:
        """Return a query as the engine, or another reader, takes it: with this table's full name for `{table}`."""
        moment = "" if self.as_of is None else f" VERSION AS OF {self.as_of}"
        catalog = (reader or self.engine).catalog
        return select.replace("{table}", f"{catalog}.`{self.namespace}`.`{self.name}`{moment}")

    def count(self) -> int:
        """Return how many rows the engine reads."""
        return int(self.query("SELECT count(*) FROM {table}").column(0)[0].as_py())

    def values(self, columns: list[str], *, where: str) -> dict[str, int | None]:
        """Return in how many of the rows that match each column has a value; under "*", how many rows match.

        None for a column that the table does not have.
        """
        names = _fields(self.metadata().schema()).values()
        asked = ["*", *(column for column in columns if column in names)]
        counts = ", ".join(f"count({column})" for column in asked)
        row = self.query(f"SELECT {counts} FROM {{table}} WHERE {where}")
        found = {column: row.column(position)[0].as_py() for position, column in enumerate(asked)}
        return {column: found.get(column) for column in ["*", *columns]}

    def head(self, rows: int = _SHOWN_ROWS) -> pd.DataFrame:
        """Return the first rows by id, to look at."""
        first: pd.DataFrame = self.query(f"SELECT * FROM {{table}} ORDER BY id LIMIT {rows}").to_pandas()
        return first

    def history(self) -> pd.DataFrame:
        """Return the table's snapshots, oldest first: when, what, how many rows then."""
        import pandas as pd  # noqa: PLC0415 - slow to import

        metadata = self.metadata()
        return pd.DataFrame(
            {
                "snapshot": str(snapshot.snapshot_id),
                "at": pd.Timestamp(snapshot.timestamp_ms, unit="ms", tz="UTC").isoformat(timespec="milliseconds"),
                "operation": snapshot.summary.operation.value if snapshot.summary else "",
                "added rows": snapshot.summary.get("added-records", "0") if snapshot.summary else "",
                "rows": snapshot.summary.get("total-records", "") if snapshot.summary else "",
                "schema": snapshot.schema_id,
            }
            for snapshot in metadata.snapshots
        )

    def lineage(self) -> Shown:
        """Return a picture of the table's snapshots: which came from which, what each did, under which schema."""
        return pictures.of_lineage(self.metadata())

    def loads(self, landed: Landed, runs: Sequence[Run]) -> Shown:
        """Return a picture of which run loaded which file's rows."""
        return pictures.of_loads(self, landed, runs)

    def compare(
        self, rows: pa.Table, *, where: str = "true", key: str = "id", reader: Reader | None = None
    ) -> Comparison:
        """Compare the table's rows that match with the expected ones, in the engine: both ways, as multisets.

        Of a table that does not exist the refusal says so.
        """
        reader = reader or self.engine
        full_name = f"{self.namespace}.{self.name}"
        if not self.exists():
            return Comparison(full_name, reader.name, None, rows.num_rows, 0, 0, refusal="the table does not exist")
        found = Comparison(full_name, reader.name, self.as_of, rows.num_rows, 0, 0)
        try:
            found = replace(found, snapshot_id=self.as_of or self.snapshot_id())
            return self._compared(self._with_columns(found, rows), rows, where, key, reader)
        except ServiceError as error:
            return replace(found, refusal=error.got)

    def _with_columns(self, found: Comparison, rows: pa.Table) -> Comparison:
        present = self.columns() if self.as_of is None else self.seen_columns()
        expected = {name: type_names.of_arrow(rows.schema.field(name).type) for name in rows.column_names}
        return replace(
            found,
            missing_columns=tuple(name for name in expected if name not in present),
            other_types=tuple(
                f"{name}: {present[name]}, expected {kind}"
                for name, kind in expected.items()
                if present.get(name, kind) != kind
            ),
        )

    def _compared(self, found: Comparison, rows: pa.Table, where: str, key: str, reader: Reader) -> Comparison:
        counts = self.query(f"SELECT count(*), count(DISTINCT {key}) FROM {{table}} WHERE {where}", reader)
        got, unique = (int(counts.column(position)[0].as_py()) for position in (0, 1))
        found = replace(found, got_rows=got, unique_keys=unique)
        return found if found.missing_columns else self._with_differences(found, rows, where, reader)

    def _with_differences(self, found: Comparison, rows: pa.Table, where: str, reader: Reader) -> Comparison:
        reader.view("expected_rows", rows)
        columns = ", ".join(_compared_by(column, reader) for column in rows.schema)
        table = f"SELECT {columns} FROM {{table}} WHERE {where}"
        expected = f"SELECT {columns} FROM expected_rows"
        missing, unexpected = (
            self.query(f"SELECT * FROM ({one} EXCEPT ALL {other}) LIMIT {_SHOWN_ROWS}", reader).to_pylist()
            for one, other in ((expected, table), (table, expected))
        )
        return replace(found, missing=tuple(missing), unexpected=tuple(unexpected))


def _compared_by(column: pa.Field, reader: Reader) -> str:
    name = f"`{column.name}`"
    return f"to_json({name}) AS {name}" if column.type.num_fields and not reader.compares_nested else name


def _columns(schema: Schema) -> dict[str, str]:
    return {column.name: type_names.of_iceberg(column.field_type) for column in schema.fields}


def _fields(schema: Schema) -> dict[int, str]:
    return {identifier: str(schema.find_column_name(identifier)) for identifier in sorted(schema.field_ids)}


def _lineage(metadata: TableMetadata) -> tuple[tuple[int, str], ...]:
    found, current = [], metadata.current_snapshot_id
    while current is not None and (snapshot := metadata.snapshot_by_id(current)):
        found.append((current, snapshot.summary.operation.value if snapshot.summary else ""))
        current = snapshot.parent_snapshot_id
    return tuple(found)
