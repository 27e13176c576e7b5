"""Apache Spark as the engine of two stacks at once: one server, two lakes that do not meet."""

from __future__ import annotations

import lakes
import psutil
import pytest
import stores

from lakebook.data import events

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), stores.asked_for("spark")]


@pytest.fixture(scope="module")
def both():
    with lakes.two_on("spark") as lent:
        yield lent


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
