"""PyIceberg as the profile's engine: what it has beside the contract of every engine, and what it says it has not."""

from __future__ import annotations

import lakes
import pytest

from lakebook import profile
from lakebook.data import events
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.lake import engines
from lakebook.stack import resolution

ROWS = events(1, 10).files[0].rows


@pytest.fixture(scope="module")
def lake():
    with lakes.lent("pyiceberg", profile.load("pyiceberg")) as lent:
        yield lent


def test_it_shows_a_tables_history(lake):
    table = lake.create("history", ROWS)
    found = table.query("SELECT snapshot_id, is_current_ancestor FROM {table}.history")
    assert found.to_pylist() == [{"snapshot_id": table.snapshot_id(), "is_current_ancestor": True}]


@pytest.mark.parametrize("query", ["UPDATE {table} SET value = 1", "INSERT OVERWRITE {table} SELECT * FROM {table}"])
def test_what_it_cannot_it_refuses_and_leaves_the_table_as_it_was(lake, query):
    table = lake.create(query.split()[1].lower(), ROWS)
    before = table.snapshot_id()
    with pytest.raises(ServiceError, match="the engine refused a query"):
        table.query(query)
    assert table.snapshot_id() == before
    assert not engines.OverSql(lake.engine).updates


def test_it_is_one_engine_although_another_client_is_the_same_library(lake):
    names = [client.name for client in engines.every(lake)]
    assert [name.split()[0] for name in names] == ["pyiceberg", "duckdb"]
    assert [type(client) for client in engines.every(lake)] == [engines.OverSql, engines.OverSql]


@pytest.mark.parametrize("setting", ["port", "address"])
def test_a_library_has_neither_port_nor_address(setting):
    given = {"service": "pyiceberg", setting: "1"}
    with pytest.raises(ConfigurationError, match="a setting that pyiceberg does not have"):
        resolution.kinds(lakes.changed(engine=given))
