"""What every engine must do as the independent reader of a profile: the same tests for each, on a lake of its own."""

from __future__ import annotations

import lakes
import pyarrow as pa
import pytest
import stores
from pyiceberg.types import StringType

from lakebook.data import events, typed
from lakebook.errors import ServiceError
from lakebook.lake.engines import OverSql

# Of each, a profile that brings its parts.
ENGINES = {"sail": "embedded", "spark": "spark", "trino": "trino", "pyiceberg": "pyiceberg"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
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


@pytest.fixture(
    scope="module", params=[pytest.param(kind, marks=stores.asked_for(name)) for kind, name in ENGINES.items()]
)
def lake(request):
    with lakes.lent(request.param, lakes.changed(engine={"service": request.param})) as lent:
        yield lent


def test_rows_of_every_type_are_compared_value_by_value(lake):
    rows = typed(1, 30, COLUMNS).files[0].rows
    table = lake.create("types", rows)
    same = table.compare(rows)
    assert (same.refusal, same.got_rows, same.other_types, same.missing, same.unexpected) == ("", 30, (), (), ())
    assert table.seen_columns() == table.columns()
    differs = rows.set_column(3, "large", pa.array([*rows["large"].to_pylist()[:-1], 7], pa.int64()))
    found = table.compare(differs)
    assert [len(found.missing), len(found.unexpected)] == [1, 1]
    twice = table.compare(pa.concat_tables([rows, rows.slice(0, 1)]))
    assert [row["id"] for row in twice.missing] == [0]


def test_what_another_client_changes_is_seen_at_once_and_time_travel_shows_what_was(lake):
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


def test_it_writes_what_the_others_read(lake):
    rows = events(1, 10).files[0].rows
    table = lake.create("written", rows)
    client = OverSql(lake.engine)
    client.insert(table, rows)
    client.delete(table, "id < 5")
    read = lake.catalog.client(vended=False, keys=lake.own_keys()).load_table(table.identifier).scan().to_arrow()
    assert sorted(read["id"].to_pylist()) == sorted([*range(5, 10)] * 2)


def test_rows_of_this_process_are_under_their_name_alone_and_the_last_ones_count(lake):
    table = lake.create("own", events(1, 10).files[0].rows)
    for count in (2, 1200):
        lake.engine.view("numbers", pa.table({"n": list(range(count))}))
    found = lake.engine.sql("SELECT count(*), max(n) FROM numbers").to_pylist()[0].values()
    assert list(found) == [1200, 1199]
    assert table.count() == 10


def test_a_query_that_it_refuses_is_an_error_that_names_query_and_engine(lake):
    with pytest.raises(ServiceError, match="the engine refused a query") as told:
        lake.table("absent").count()
    assert "absent" in told.value.expected
    assert lake.engine.name in told.value.where
