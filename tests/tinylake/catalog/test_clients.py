"""The clients that people use: PyIceberg with vended credentials, DuckDB with a token, Sail with a key of its own."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import duckdb_extensions
import pyarrow as pa
import pytest
import servers
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import (
    CommitFailedException,
    ForbiddenError,
    NamespaceNotEmptyError,
    NoSuchTableError,
    TableAlreadyExistsError,
    UnauthorizedError,
)
from pyiceberg.types import LongType

from lakebook.stack import ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = pa.table({"id": [1, 2], "name": ["a", "b"]})
SAIL = """
import sys, threading
from pysail.spark import SparkConnectServer
server = SparkConnectServer(ip="127.0.0.1", port=int(sys.argv[1]))
server.start()
threading.Event().wait()
"""


def _client(lake: servers.Catalog, token: str = servers.WRITER) -> RestCatalog:
    delegation = {"header.X-Iceberg-Access-Delegation": "vended-credentials"}
    return RestCatalog("lake", uri=lake.uri, warehouse="lake", token=token, **delegation)


@pytest.fixture
def client(lake: servers.Catalog) -> RestCatalog:
    return _client(lake)


def test_pyiceberg_creates_appends_evolves_renames_and_drops(client: RestCatalog, namespace: str) -> None:
    table = client.create_table((namespace, "t"), schema=ROWS.schema)
    table.append(ROWS)
    with table.update_schema() as change:
        change.add_column("more", LongType())
    table.append(pa.table({"id": [3], "name": ["c"], "more": [4]}))
    client.rename_table((namespace, "t"), (namespace, "u"))
    found = client.load_table((namespace, "u"))
    assert found.scan().to_arrow().sort_by("id").to_pylist() == [
        {"id": 1, "name": "a", "more": None},
        {"id": 2, "name": "b", "more": None},
        {"id": 3, "name": "c", "more": 4},
    ]
    with pytest.raises(NamespaceNotEmptyError):
        client.drop_namespace(namespace)
    client.purge_table((namespace, "u"))
    with pytest.raises(NoSuchTableError):
        client.load_table((namespace, "u"))


def test_pyiceberg_creates_in_a_transaction(client: RestCatalog, namespace: str) -> None:
    with client.create_table_transaction((namespace, "t"), schema=ROWS.schema) as transaction:
        transaction.append(ROWS)
    assert client.load_table((namespace, "t")).scan().to_arrow().num_rows == 2
    with pytest.raises(TableAlreadyExistsError):
        client.create_table((namespace, "t"), schema=ROWS.schema)


def test_pyiceberg_partitions_deletes_tags_and_expires(client: RestCatalog, namespace: str) -> None:
    table = client.create_table((namespace, "t"), schema=ROWS.schema)
    with table.update_spec() as change:
        change.add_identity("name")
    table.append(ROWS)
    first = table.current_snapshot()
    table.delete("name = 'a'")
    table.manage_snapshots().create_tag(first.snapshot_id, "start").commit()
    assert table.scan().to_arrow()["id"].to_pylist() == [2]
    assert table.scan(snapshot_id=first.snapshot_id).to_arrow().num_rows == 2
    table.manage_snapshots().remove_tag("start").commit()
    table.maintenance.expire_snapshots().by_id(first.snapshot_id).commit()
    assert first.snapshot_id not in {one.snapshot_id for one in client.load_table((namespace, "t")).snapshots()}


def test_pyiceberg_is_told_when_another_was_first(client: RestCatalog, namespace: str) -> None:
    client.create_table((namespace, "t"), schema=ROWS.schema)
    handles = [client.load_table((namespace, "t")) for _ in range(2)]
    with handles[0].update_schema() as change:
        change.add_column("more", LongType())
    with pytest.raises(CommitFailedException), handles[1].update_schema() as change:
        change.add_column("other", LongType())


def test_pyiceberg_with_a_read_grant_reads_only(lake: servers.Catalog, client: RestCatalog, namespace: str) -> None:
    client.create_table((namespace, "t"), schema=ROWS.schema).append(ROWS)
    table = _client(lake, servers.READER).load_table((namespace, "t"))
    assert table.scan().to_arrow().num_rows == 2
    with pytest.raises((OSError, ForbiddenError)):
        table.append(ROWS)


def test_pyiceberg_without_a_token_is_refused(lake: servers.Catalog) -> None:
    with pytest.raises(UnauthorizedError):
        RestCatalog("lake", uri=lake.uri, warehouse="lake")


def _duckdb(lake: servers.Catalog, token: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for extension in ("httpfs", "avro", "iceberg"):
        duckdb_extensions.import_extension(extension)
        connection.execute(f"LOAD {extension}")
    connection.execute(f"ATTACH 'lake' AS lake (TYPE iceberg, ENDPOINT '{lake.uri}', TOKEN '{token}')")
    return connection


def test_duckdb_creates_writes_changes_and_reads(lake: servers.Catalog, client: RestCatalog, namespace: str) -> None:
    with _duckdb(lake, servers.WRITER) as connection:
        connection.execute(f"CREATE TABLE lake.{namespace}.t (id BIGINT, name VARCHAR)")
        connection.execute(f"INSERT INTO lake.{namespace}.t VALUES (1, 'a'), (2, 'b')")
        connection.execute(f"UPDATE lake.{namespace}.t SET name = 'z' WHERE id = 2")
        found = connection.execute(f"FROM lake.{namespace}.t ORDER BY id").fetchall()
    assert found == [(1, "a"), (2, "z")]
    assert client.load_table((namespace, "t")).scan().to_arrow().num_rows == 2


def test_duckdb_with_a_read_grant_reads_only(lake: servers.Catalog, client: RestCatalog, namespace: str) -> None:
    client.create_table((namespace, "t"), schema=ROWS.schema).append(ROWS)
    with _duckdb(lake, servers.READER) as connection:
        assert connection.execute(f"SELECT count(*) FROM lake.{namespace}.t").fetchall() == [(2,)]
        with pytest.raises(duckdb.Error):
            connection.execute(f"INSERT INTO lake.{namespace}.t VALUES (3, 'c')")


@pytest.fixture
def sail(store: servers.Moto, lake: servers.Catalog, tmp_path: Path) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    port = ports.free()
    entry = f'name="lake", type="iceberg-rest", uri="{lake.uri}", warehouse="lake"'
    environment = {
        **os.environ,
        "SAIL_CATALOG__LIST": f'[{{{entry}, bearer_access_token="{servers.WRITER}"}}]',
        "AWS_ENDPOINT": store.endpoint,
        "AWS_ENDPOINT_URL": store.endpoint,
        "AWS_ACCESS_KEY_ID": store.access_key_id,
        "AWS_SECRET_ACCESS_KEY": store.secret_access_key,
        "AWS_REGION": store.region,
        "AWS_ALLOW_HTTP": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
    }
    server = servers.launch([sys.executable, "-c", SAIL, str(port)], tmp_path / "sail.log", environment)
    try:
        servers.poll("Sail's port", lambda: _listens(port))
        session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        yield session
        session.stop()
    finally:
        server.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_sail_creates_without_a_location_writes_and_reads(sail: Any, client: RestCatalog, namespace: str) -> None:
    sail.sql(f"CREATE TABLE lake.{namespace}.t (id BIGINT, name STRING) USING iceberg").collect()
    sail.sql(f"INSERT INTO lake.{namespace}.t VALUES (1, 'a'), (2, 'b')").collect()
    assert sail.sql(f"SELECT * FROM lake.{namespace}.t ORDER BY id").toArrow().to_pylist() == ROWS.to_pylist()
    assert client.load_table((namespace, "t")).scan().to_arrow().num_rows == 2
