"""PyIceberg as the profile's engine: it reads and writes the tables, and DuckDB computes on the rows that it read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from lakebook.lake import isolation
from lakebook.lake.engine import refused

if TYPE_CHECKING:
    from pyiceberg.catalog.rest import RestCatalog
    from pyiceberg.table import Table
    from sqlglot import exp

    from lakebook.lake.catalog import Catalog

_INSPECTED = {"entries", "files", "history", "manifests", "partitions", "refs", "snapshots"}


class PyIceberg:
    """A client of its own in this process, opened at first use. Each query is answered from the tables as they are now.

    DuckDB is given rows in memory, never a table: what it computes on is what PyIceberg read.
    """

    compares_nested = True
    updates = False

    def __init__(self, source: Catalog, catalog: str, name: str, *, vended: bool = False) -> None:
        self.catalog, self.name = catalog, name
        self._source, self._vended = source, vended
        self._opened: RestCatalog | None = None
        self._views: dict[str, pa.Table] = {}

    def sql(self, query: str) -> pa.Table:
        """Return what a query, in Spark's SQL, returns; nothing of one that writes. Raises ServiceError, with it."""
        try:
            return self._answer(query)
        except Exception as error:  # noqa: BLE001 - PyIceberg's own errors, and those of the libraries below it
            said = f"{type(error).__name__}: {error}"
            raise refused(query, said, f"{self.name} at {self._source.url}") from None

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name, in this session alone."""
        self._views[name] = rows

    def stop(self) -> None:
        """Forget the rows of this process, and the client."""
        self._views.clear()
        self._opened = None

    def _answer(self, query: str) -> pa.Table:
        from sqlglot import exp, parse_one  # noqa: PLC0415 - slow to import

        tree = parse_one(query, read="spark")
        match tree:
            case exp.Query():
                return self._selected(tree)
            case exp.Insert(this=exp.Table() as into) if not tree.args.get("overwrite"):
                self._append(into, self._selected(tree.expression))
            case exp.Delete():
                where = tree.args.get("where")
                self._table(_path(tree.this)).delete(where.this.sql() if where else "true")
            case _:
                raise NotImplementedError(f"PyIceberg has no {tree.key.upper()} of this kind")
        return pa.table({})

    def _selected(self, tree: exp.Query) -> pa.Table:
        """Return what a SELECT returns, its tables replaced by what PyIceberg reads of them."""
        import duckdb  # noqa: PLC0415 - slow to import
        from sqlglot import exp  # noqa: PLC0415

        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            for name, rows in self._views.items():
                connection.register(name, rows)
            for number, node in enumerate(list(tree.find_all(exp.Table))):
                if node.catalog:
                    connection.register(f"read_{number}", self._read(node))
                    node.replace(exp.to_table(f"read_{number}", alias=node.alias_or_name))
            return connection.execute(tree.sql("duckdb")).to_arrow_table()

    def _read(self, node: exp.Table) -> pa.Table:
        """Return the rows of a table, or of one of its metadata tables, such as `lake.n.t.history`."""
        *table, last = path = _path(node)
        version = node.args.get("version")
        if len(table) > 1 and last in _INSPECTED:
            found: pa.Table = getattr(self._table(tuple(table)).inspect, last)()
            return found
        read = self._table(path)
        return read.scan(snapshot_id=_snapshot(read, version) if version else None).to_arrow()

    def _append(self, into: exp.Table, rows: pa.Table) -> None:
        table = self._table(_path(into))
        schema = table.schema().as_arrow()
        table.append(rows.rename_columns(schema.names).cast(schema))

    def _table(self, path: tuple[str, ...]) -> Table:
        if self._opened is None:
            with isolation.no_other_keys():
                self._opened = self._source.client(vended=self._vended)
        table: Table = self._opened.load_table(path)
        return table


def _path(node: exp.Table) -> tuple[str, ...]:
    """Return namespace and name of a table: without the catalog's name."""
    return tuple(part.name for part in node.parts[1:])


def _snapshot(table: Table, version: exp.Expression) -> int:
    """Return the id of the snapshot that a query asks for. Raises LookupError where there was none at its moment."""
    if version.name != "TIMESTAMP":
        return int(version.expression.name)
    from pyiceberg.utils.datetime import datetime_to_millis  # noqa: PLC0415 - slow to import

    moment = datetime.fromisoformat(version.expression.name)
    found = table.snapshot_as_of_timestamp(datetime_to_millis(moment))
    if found is None:
        raise LookupError(f"there is no snapshot of {table.name()} at {moment.isoformat()}")
    return found.snapshot_id
