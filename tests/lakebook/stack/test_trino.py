"""Trino as the engine of two stacks at once, and by its address: one server, two lakes that do not meet."""

from __future__ import annotations

from pathlib import Path

import lakes
import psutil
import pytest
import stores

from lakebook import project
from lakebook.data import events
from lakebook.errors import ConfigurationError
from lakebook.lake.trino import Trino
from lakebook.stack import launcher, services

TRINO = services.get("trino")
WITH_TRINO = [pytest.mark.slow, pytest.mark.timeout(900), stores.asked_for("trino")]


@pytest.fixture(scope="module")
def both():
    with lakes.two_on("trino") as lent:
        yield lent


class TestOneServer:
    pytestmark = WITH_TRINO

    def test_two_stacks_at_once_share_it_and_each_sees_its_own_lake_alone(self, both):
        engines = [lake.state.services["engine"] for lake in both]
        assert (engines[0].pid, engines[0].url, engines[0].version) == (engines[1].pid, engines[1].url, "476")
        for number, lake in enumerate(both, 1):
            lake.create("orders", events(1, 10 * number).files[0].rows)
        assert [lake.table("orders").count() for lake in both] == [10, 20]

    def test_it_listens_on_loopback_only(self, both):
        (server,) = psutil.Process(both[0].state.services["engine"].pid).children()
        listening = [one.laddr for one in server.net_connections("inet") if one.status == psutil.CONN_LISTEN]
        assert {address.ip for address in listening} == {"127.0.0.1"}

    def test_its_log_has_none_of_the_keys_that_it_was_given(self, both):
        log = both[0].state.services["engine"].log
        said = (project.root() / log).read_text()
        assert "lakebook" in said
        assert not [key for key in both[0].state.services["storage"].secrets.values() if key in said]

    def test_it_writes_nothing_into_the_folder_that_it_was_started_in(self, both):
        assert both[0].engine.sql("SELECT 1").num_rows == 1
        assert not Path("var").exists()

    def test_by_its_address_its_own_catalogs_are_used(self, both):
        lake = both[0]
        table = lake.create("by_address", events(1, 10).files[0].rows)
        running = lake.state.services["engine"]
        there = launcher.Site(
            None,
            0,
            {**TRINO.settings, "catalog": lake.engine.catalog, "scratch": "scratch.default"},
            {},
            {},
            running.url,
        )
        assert TRINO.version(there) == "476"
        found = TRINO.publish(there)
        engine = Trino(found.url, found.values, "", "their own")
        assert table.query("SELECT count(*) FROM {table}", engine).column(0).to_pylist() == [10]
        engine.stop()


def test_one_that_is_there_already_must_be_told_its_catalogs():
    told = launcher.Site(None, 0, {**TRINO.settings, "catalog": "lake"}, {}, {}, "http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="must be told its catalogs") as error:
        TRINO.publish(told)
    assert error.value.got == "catalog: lake"
    assert TRINO.version(told) is None
