"""Every engine at hand on the same table: the profile's own, DuckDB, and PyIceberg. Each writes, each reads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

from lakebook.errors import ServiceError
from lakebook.lake import isolation, type_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from pyiceberg.catalog.rest import RestCatalog

    from lakebook.lake.engine import Reader
    from lakebook.lake.session import Lake
    from lakebook.lake.table import Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine shows of a table: the types of its columns by name, and its rows. `refusal` is why it shows none.

    Values are Python's: a struct is a dict, a map a list of pairs, a timestamp with zone has some zone.
    """

    columns: dict[str, str]
    rows: list[dict[str, object]]
    refusal: str = ""


class Client(Protocol):
    """An engine that writes and reads tables."""

    @property
    def name(self) -> str:
        """The engine and its version."""

    @property
    def updates(self) -> bool:
        """Whether it can change a value in place."""

    def insert(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a table that exists."""

    def delete(self, table: Table, where: str) -> None:
        """Delete the rows for which a condition holds."""

    def update(self, table: Table, change: str, where: str) -> None:
        """Change the rows for which a condition holds: `column = value`, in SQL."""

    def select(self, table: Table) -> pa.Table:
        """Return all rows."""


@dataclass(frozen=True, slots=True)
class OverSql:
    """An engine that is told in SQL."""

    reader: Reader

    @property
    def name(self) -> str:
        """The engine and its version."""
        return self.reader.name

    @property
    def updates(self) -> bool:
        """Whether it can change a value in place."""
        return self.reader.updates

    def insert(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a table that exists."""
        self.reader.view("new_rows", rows)
        table.query("INSERT INTO {table} SELECT * FROM new_rows", self.reader)

    def delete(self, table: Table, where: str) -> None:
        """Delete the rows for which a condition holds."""
        table.query("DELETE FROM {table} WHERE {where}".replace("{where}", where), self.reader)

    def update(self, table: Table, change: str, where: str) -> None:
        """Change the rows for which a condition holds."""
        statement = "UPDATE {table} SET {change} WHERE {where}"
        table.query(statement.replace("{change}", change).replace("{where}", where), self.reader)

    def select(self, table: Table) -> pa.Table:
        """Return all rows."""
        return table.query("SELECT * FROM {table} ORDER BY id", self.reader)


@dataclass(frozen=True, slots=True)
class OverPyIceberg:
    """PyIceberg, which has no updates."""

    client: RestCatalog
    updates: bool = False

    @property
    def name(self) -> str:
        """The library and its version."""
        return f"pyiceberg {version('pyiceberg')}"

    def insert(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a table that exists."""
        self.client.load_table(table.identifier).append(rows)

    def delete(self, table: Table, where: str) -> None:
        """Delete the rows for which a condition holds."""
        self.client.load_table(table.identifier).delete(where)

    def update(self, table: Table, change: str, where: str) -> None:
        """Raise NotImplementedError: it cannot."""
        raise NotImplementedError(f"{self.name} cannot set {change} where {where} in {table.name}")

    def select(self, table: Table) -> pa.Table:
        """Return all rows."""
        return self.client.load_table(table.identifier).scan().to_arrow().sort_by("id")


def every(lake: Lake) -> list[Client]:
    """Return the engines at hand: the profile's, DuckDB with vended keys, PyIceberg with a key of its own.

    One that is there twice, in the same version, is the first of the two.
    """
    with isolation.no_other_keys():
        own = OverPyIceberg(lake.catalog.client(vended=False, keys=lake.own_keys()))
    vended = [OverSql(lake.second_reader())] if lake.can("vends") and lake.can("duckdb") else []
    found: dict[str, Client] = {}
    clients: list[Client] = [OverSql(lake.engine), *vended, own]
    for client in clients:
        found.setdefault(client.name, client)
    return [*found.values()]


def new(lake: Lake, name: str, rows: pa.Table) -> Table:
    """Make a table with the columns of some rows, and nothing in it yet; return it."""
    lake.catalog.make_namespace(lake.namespace)
    lake.catalog.client().create_table((lake.namespace, name), rows.schema)
    return lake.table(name)


def read(client: Client, table: Table) -> Reading:
    """Return what an engine shows of a table, ordered by id."""
    try:
        found = client.select(table)
    except Exception as error:  # noqa: BLE001 - whatever an engine runs into is the evidence
        return Reading({}, [], _why(error))
    return of(found)


def done(act: Callable[..., object], *what: object) -> str:
    """Let an engine write; return "done", or why it did not: what it should have written is then missed on reading."""
    try:
        act(*what)
    except Exception as error:  # noqa: BLE001 - whatever an engine runs into is the evidence
        return _why(error)
    return "done"


def _why(error: Exception) -> str:
    return (error.got if isinstance(error, ServiceError) else f"{type(error).__name__}: {error}")[:1000]


def of(rows: pa.Table) -> Reading:
    """Return rows as an engine must show them."""
    columns = {column.name: type_names.of_arrow(column.type) for column in rows.schema}
    return Reading(columns, rows.to_pylist())


def changed(reading: Reading, column: str, values: Mapping[int, object]) -> Reading:
    """Return what must be shown after a column of some rows, by id, was given other values."""
    rows = [{**row, column: values.get(_id(row), row[column])} for row in reading.rows]
    return Reading(reading.columns, rows)


def _id(row: Mapping[str, object]) -> int:
    identifier = row["id"]
    return identifier if isinstance(identifier, int) else -1
