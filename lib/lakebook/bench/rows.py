"""Many rows: made by DuckDB, landed as newline-delimited JSON, loaded by the service, verified by the engine."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from lakebook import profile
from lakebook.errors import ServiceError
from lakebook.lake import session
from lakebook.stack import stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.lake.ingestion import Run
    from lakebook.lake.session import Lake
    from lakebook.lake.source import Source
    from lakebook.lake.table import Table

_ROWS = """
SELECT range AS id, strftime(TIMESTAMP '2026-01-01' + to_seconds(range), '%Y-%m-%dT%H:%M:%SZ') AS timestamp,
    'user-' || range * 7919 % 997 AS user_id, ['login', 'pageview', 'click', 'purchase'][range % 4 + 1] AS event_type,
    range * 37 % 10000 / 100 + 0.005 AS value
FROM range({first}, {end})
"""


@contextmanager
def lake(profile_name: str) -> Iterator[Lake]:
    """Give a session on a stack of its own."""
    found = profile.load(profile_name)
    with stack.lent(found) as running:
        name = f"{session.NAME_PREFIX}bench_{secrets.token_hex(3)}"
        lent = session.session(found, running.state, name)
        try:
            yield lent
        finally:
            lent.engine.stop()


def land(source: Source, rows: int, rows_per_file: int) -> int:
    """Put files of that many rows each; return how many files."""
    firsts = range(0, rows, rows_per_file)
    with tempfile.TemporaryDirectory(prefix="lb-") as folder:
        for number, first in enumerate(firsts):
            file = Path(folder, "rows.json")
            select = _ROWS.format(first=first, end=min(first + rows_per_file, rows))
            duckdb.sql(f"COPY ({select}) TO '{file}' (FORMAT json)")
            source.put_bytes(f"batch_{number:05d}.json", file.read_bytes())
    return len(firsts)


def require_loaded(run: Run, table: Table, rows: int) -> None:
    """Raise ServiceError where a run did not load exactly these rows, as it says and as the engine reads."""
    if run.status != "success" or run.metrics.records_ingested != rows:
        raise ServiceError("the run loaded something else", expected=f"success, {rows} rows", got=str(run)[:1000])
    require_rows(table, rows)


def require_rows(table: Table, rows: int) -> None:
    """Raise ServiceError where a table does not hold exactly the ids from 0 on, as the engine reads it."""
    read = table.query("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM {table}")
    got = tuple(read.column(position)[0].as_py() for position in range(4))
    if got != (rows, rows, 0, rows - 1):
        raise ServiceError(
            "the table holds other rows", expected=f"{rows} rows, ids 0 to {rows - 1}", got=f"{got}", where=table.name
        )
