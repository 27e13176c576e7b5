"""Trino as the profile's engine: it is asked in its own words for what the checks ask in Spark's."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakebook import log
from lakebook.errors import ServiceError
from lakebook.lake import trino_values
from lakebook.lake.engine import refused
from lakebook.stack import trino_client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import trino
    from sqlglot import exp

_MOMENT = pa.timestamp("us", "UTC")
_CHARACTERS = 500_000  # of rows in a statement, which may have 1,000,000


class Trino:
    """One session; opened at first use.

    Trino has no temporary views: rows of this process become tables of a schema that is only for that, `scratch`
    (`catalog.schema`), and are dropped with the session.
    """

    compares_nested = False  # it refuses two arrays as soon as one holds a NULL
    updates = True

    def __init__(self, url: str, values: Mapping[str, str], password: str, name: str) -> None:
        self.url, self.catalog, self.name = url, values["catalog"], name
        self._user, self._password, self._scratch = values["user"], password, values["scratch"]
        self._connection: trino.dbapi.Connection | None = None
        self._views: dict[str, str] = {}

    def sql(self, query: str) -> pa.Table:
        """Return what a query, in Spark's SQL, returns. Raises ServiceError, with the query, where Trino refuses it."""
        return self._ask(self._translated(query))

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name, in this session alone. Raises ServiceError."""
        self._drop(name)
        table = f"{self._scratch}.{name}_{secrets.token_hex(6)}"
        columns = ", ".join(
            f"{trino_client.identifier(column.name)} {trino_values.type_name(column.type)}" for column in rows.schema
        )
        self._ask(f"CREATE TABLE {table} ({columns})")
        self._views[name] = table
        shape = ", ".join(f"{name} {trino_values.text_type(kind)}" for name, kind in _numbered(rows.schema))
        made = ", ".join(trino_values.from_text(name, kind) for name, kind in _numbered(rows.schema))
        for some in _in_parts(rows):
            given = f"UNNEST(CAST(json_parse('{some}') AS ARRAY(ROW({shape}))))"
            self._ask(f"INSERT INTO {table} SELECT {made} FROM {given}")  # noqa: S608 - our own rows, quoted

    def stop(self) -> None:
        """Drop what `view` made, and close the session. Where the server is gone, what lay in its memory is, too."""
        for name in list(self._views):
            try:
                self._drop(name)
            except ServiceError as error:
                log.get().warning("a scratch table stays", table=name, error=error.got)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _drop(self, name: str) -> None:
        if table := self._views.pop(name, None):
            self._ask(f"DROP TABLE {table}")

    def _translated(self, query: str) -> str:
        """Return a query in Trino's words: the scratch tables in the place of views, and moments that are no texts."""
        import sqlglot  # noqa: PLC0415 - slow to import

        tree = sqlglot.parse_one(query, read="spark")
        return str(tree.transform(self._in_its_words).sql("trino", identify=True))

    def _in_its_words(self, node: exp.Expression) -> exp.Expression:
        from sqlglot import exp  # noqa: PLC0415

        if isinstance(node, exp.Table) and not node.db and node.name in self._views:
            return exp.to_table(self._views[node.name], alias=node.alias or node.name)
        if isinstance(node, exp.Version) and node.name == "TIMESTAMP":
            moment = datetime.fromisoformat(node.expression.name)
            kind = exp.DataType.build(trino_values.type_name(_MOMENT), dialect="trino")
            node.set("expression", exp.cast(exp.Literal.string(trino_values.text(moment, _MOMENT)), kind))
        return node

    def _ask(self, query: str) -> pa.Table:
        import requests  # noqa: PLC0415
        import trino  # noqa: PLC0415

        try:
            cursor = self._connected().cursor()
            rows = cursor.execute(query).fetchall()
        except (trino.exceptions.Error, requests.RequestException) as error:
            raise refused(query, str(error), f"{self.name} at {self.url}") from None
        return _table(cursor.description or [], rows)

    def _connected(self) -> trino.dbapi.Connection:
        if self._connection is None:
            self._connection = trino_client.connect(self.url, self._user, self._password)
        return self._connection


def _numbered(schema: pa.Schema) -> list[tuple[str, pa.DataType]]:
    return [(f"c{number}", column.type) for number, column in enumerate(schema)]


def _in_parts(rows: pa.Table) -> Iterator[str]:
    """Yield all rows as JSON in quotes for SQL, an array of arrays, in parts that a statement can have."""
    part, characters = [], 0
    for row in rows.to_pylist():
        values = [trino_values.text(row[column.name], column.type) for column in rows.schema]
        part.append(json.dumps(values).replace("'", "''"))
        characters += len(part[-1])
        if characters > _CHARACTERS:
            yield f"[{', '.join(part)}]"
            part, characters = [], 0
    if part:
        yield f"[{', '.join(part)}]"


def _table(description: list[Any], rows: list[list[Any]]) -> pa.Table:
    kinds = [trino_values.arrow_type(column.type_code) for column in description]
    columns = [
        pa.array([trino_values.arrow_value(row[position], kind) for row in rows], kind)
        for position, kind in enumerate(kinds)
    ]
    return pa.Table.from_arrays(columns, names=[column.name for column in description])
