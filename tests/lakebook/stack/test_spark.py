"""Apache Spark as the engine of two stacks at once: one server, two lakes that do not meet; and what it verifies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import lakes
import psutil
import pyarrow as pa
import pytest
import stores
from pyiceberg.types import StringType

from lakebook.data import events, typed
from lakebook.stack import pool

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), stores.asked_for("spark")]
COLUMNS = {
    "flag": "boolean",
    "small": "int",
    "large": "long",
    "half": "float",
    "whole": "double",
    "text": "string",
    "raw": "binary",
    "price": "decimal(18, 6)",
    "some": "list<long>",
    "part": "struct<label: string, n: int>",
}


@pytest.fixture(scope="module")
def both():
    spark = lakes.changed(engine={"service": "spark"})
    with pool.kept(), ThreadPoolExecutor(2) as threads, ExitStack() as ends:
        yield list(threads.map(ends.enter_context, [lakes.lent(name, spark) for name in ("one", "other")]))


def test_two_stacks_at_once_share_one_server_and_each_sees_its_own_lake_alone(both):
    engines = [lake.state.services["engine"] for lake in both]
    assert (engines[0].pid, engines[0].url, engines[0].version) == (engines[1].pid, engines[1].url, "4.1.4")
    assert engines[0].values != engines[1].values
    for number, lake in enumerate(both, 1):
        lake.create("orders", events(1, 10 * number).files[0].rows)
    assert [lake.table("orders").count() for lake in both] == [10, 20]
    seen = [lake.engine.sql("SHOW NAMESPACES IN lake").column(0).to_pylist() for lake in both]
    assert seen == [[lake.namespace] for lake in both]


def test_it_listens_on_loopback_only(both):
    (server,) = psutil.Process(both[0].state.services["engine"].pid).children()
    listening = [one.laddr for one in server.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_rows_of_every_type_are_compared_value_by_value(both):
    rows = typed(1, 30, COLUMNS).files[0].rows
    table = both[0].create("types", rows)
    same = table.compare(rows)
    assert (same.refusal, same.got_rows, same.other_types, same.missing, same.unexpected) == ("", 30, (), (), ())
    assert table.seen_columns() == table.columns()
    differs = rows.set_column(3, "large", pa.array([*rows["large"].to_pylist()[:-1], 7], pa.int64()))
    found = table.compare(differs)
    assert [len(found.missing), len(found.unexpected)] == [1, 1]
    twice = table.compare(pa.concat_tables([rows, rows.slice(0, 1)]))
    assert [row["id"] for row in twice.missing] == [0]


def test_what_another_client_changes_is_seen_at_once_and_time_travel_shows_what_was(both):
    lake = both[0]
    first, second = (file.rows for file in events(2, 10))
    table = lake.create("history", first)
    assert table.count() == 10
    before = table.snapshot_id()
    writer = lake.catalog.client(vended=False, keys=lake.own_keys()).load_table(table.identifier)
    writer.append(second)
    assert table.count() == 20
    with writer.update_schema() as change:
        change.add_column("note", StringType())
    assert "note" in table.seen_columns()
    assert "note" not in table.at(before).seen_columns()
    assert table.at(before).compare(first).got_rows == 10
