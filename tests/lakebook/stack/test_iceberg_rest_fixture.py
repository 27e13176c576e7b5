"""The Iceberg project's REST fixture: on loopback only, and, told to hand out its key, what no catalog may do."""

from __future__ import annotations

from datetime import UTC, datetime

import lakes
import psutil
import pytest
import stores

from lakebook.checks import credentials, delegation
from lakebook.data import events
from lakebook.lake import catalog_requests, spills
from lakebook.lake.rest import Rest

pytestmark = [pytest.mark.slow, stores.asked_for("rest-fixture")]


@pytest.fixture(scope="module")
def lake():
    generous = lakes.changed(catalog={"service": "iceberg_rest_fixture", "include_credentials": "true"})
    with lakes.lent("generous", generous) as lent:
        yield lent


@pytest.fixture(scope="module")
def orders(lake):
    return lake.create("orders", events(1, 10).files[0].rows)


def test_it_listens_on_loopback_only(lake):
    (server,) = psutil.Process(lake.state.services["catalog"].pid).children()
    listening = [one.laddr for one in server.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_a_namespace_in_another_is_found_as_its_configuration_tells(lake):
    catalog, inner = lake.rest(), (lake.namespace, "inner")
    for name in (inner[:1], inner):
        catalog.create_namespace(name).require(200)
    assert catalog.namespace_exists(inner).status == 204
    assert Rest(lake.catalog).namespace_exists(inner).status == 400


def test_clients_of_three_makes_fail_although_it_asks_for_no_login(lake, orders):
    said = spills.failures(lake.catalog, orders.identifier)
    assert len(said) == 3
    assert all(lake.namespace in text for text in said.values())


def test_its_own_key_in_an_answer_turns_vend_03_red(lake, orders):
    vended = lake.catalog.vend(orders.identifier)
    decision = credentials.temporary(vended, lake.long_lived_key_ids(), now=datetime.now(UTC))
    assert decision.ok is False
    own = {"the catalog's own key": True, "session token": False, "expiry": "None"}
    assert list(decision.got.values()) == [own] * len(vended.sets)


def test_its_own_key_for_every_header_turns_vend_10_and_vend_02_red(lake, orders):
    answers = catalog_requests.delegated(lake.catalog, orders.identifier)
    assert delegation.as_asked(answers, vends=True, signs=False).ok is False
    assert credentials.none_returned(lake.catalog.unasked(orders.identifier)).ok is False


def test_its_own_key_reaches_other_tables_as_vend_05_says(lake, orders):
    other = lake.create("customers", events(1, 10).files[0].rows)
    vended = lake.catalog.vend(orders.identifier)
    assert credentials.all_refused(lake.attempt("its key", vended.keys, lake.places(other))).ok is False
