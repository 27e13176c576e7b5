"""DuckDB as a second reader: it shares no code with the other engines, and reads with vended credentials alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.errors import ServiceError

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.lake.catalog import Catalog

_ATTACHED = "lake"


class DuckDB:
    """One connection, in this process: DuckDB keeps vended keys per connection, so one belongs to one principal."""

    def __init__(self, catalog: Catalog) -> None:
        import duckdb  # noqa: PLC0415 - slow to import
        from duckdb_extensions import import_extension  # noqa: PLC0415

        for extension in ("avro", "httpfs", "iceberg"):
            import_extension(extension)
        self.catalog, self.name = _ATTACHED, f"duckdb {duckdb.__version__}"
        self._connection = duckdb.connect()
        for extension in ("avro", "httpfs", "iceberg"):
            self._connection.load_extension(extension)
        self._connection.execute(
            f"ATTACH '{catalog.warehouse}' AS {_ATTACHED} "
            f"(TYPE iceberg, ENDPOINT '{catalog.url}', TOKEN '{catalog.tokens['write']}')"
        )

    def sql(self, query: str) -> pa.Table:
        """Return what a query returns. Raises ServiceError, with the query, where DuckDB refuses it."""
        import duckdb  # noqa: PLC0415

        try:
            return self._connection.execute(query.replace("`", '"')).to_arrow_table()
        except duckdb.Error as error:
            raise ServiceError(
                "DuckDB refused a query", expected=f"rows for: {query:.500}", got=str(error)[:1000], where=self.name
            ) from None

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name."""
        self._connection.register(name, rows)
