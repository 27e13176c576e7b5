"""Runs as a process of its own: DuckDB reads JSON files, PyIceberg appends them to a new table; prints the seconds."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import duckdb
from duckdb_extensions import import_extension

from lakebook import profile
from lakebook.lake import session
from lakebook.stack import state

if TYPE_CHECKING:
    from lakebook.lake.source import Source


def main(path: str, namespace: str, table: str) -> int:
    """Load the files below an address into a new table of the stack that LAKEBOOK_STACK names."""
    running = state.given()
    if running is None:
        raise SystemExit(f"{state.VARIABLE} names no stack")
    lake = session.session(profile.load(running.profile), running, namespace)
    connection, client = _duckdb(lake.source), lake.catalog.client()
    client.create_namespace_if_not_exists(namespace)
    begin = time.monotonic()
    rows = connection.read_json(f"{path}*.json").to_arrow_table()
    client.create_table((namespace, table), rows.schema).append(rows)
    sys.stdout.write(json.dumps({"seconds": time.monotonic() - begin}))
    return 0


def _duckdb(source: Source) -> duckdb.DuckDBPyConnection:
    import_extension("httpfs")
    connection = duckdb.connect()
    connection.load_extension("httpfs")
    connection.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{source.keys.key_id}', SECRET '{source.keys.secret}', "
        f"REGION '{source.region}', ENDPOINT '{urlsplit(source.endpoint).netloc}', URL_STYLE 'path', USE_SSL false)"
    )
    return connection


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
