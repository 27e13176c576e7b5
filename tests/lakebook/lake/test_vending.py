"""What is vended to other clients of this process is known as a secret, and a reader renews what it was vended."""

from dataclasses import replace

import lakes
import pytest

from lakebook import secret
from lakebook.data import events
from lakebook.lake import long_reader, spills, widening

ROWS = events(1, 5).files[0].rows


@pytest.fixture(scope="module")
def lake():
    with lakes.lent("vending") as lent:
        yield lent


@pytest.fixture(scope="module")
def orders(lake):
    return lake.create("orders", ROWS)


def test_what_duckdb_was_vended_is_a_secret(lake, orders):
    before = secret.known()
    orders.query("SELECT count(*) FROM {table}", lake.second_reader())
    vended = secret.known() - before
    assert len(vended) == 3
    assert {secret.redact(f"<{value}>") for value in vended} == {f"<{secret.MASK}>"}


def test_a_reader_uses_its_credentials_until_they_are_over_and_then_new_ones(lake, orders):
    reader = long_reader.open_table(lake.catalog, orders, lake.reach)
    reader.read()
    assert [(part.key_number, part.valid, part.outcome) for part in reader.parts] == [(1, True, "read")]
    assert reader.rows.sort_by("id").equals(ROWS)
    new = lake.catalog.renew(reader.vended[0], grant="read")
    assert new.keys.key_id != reader.vended[0].keys.key_id
    assert new.expires_at > reader.vended[0].expires_at


def test_the_role_of_a_session_is_found_and_could_be_assumed(lake, orders):
    storage, keys = lake.state.services["storage"], lake.catalog.vend(orders.identifier).keys
    assert widening.role(storage, keys).endswith("-write")
    assert [one.outcome for one in widening.possible(storage, keys)] == ["allowed"]


def test_what_a_search_must_see_is_there(lake, orders):
    vended = lake.catalog.vend(orders.identifier)
    assert vended.keys.secret in spills.secrets(lake.state).values()
    answers = spills.provoke(lake.catalog, orders.identifier, vended, "a-word")
    assert [text[:2] for text in answers.values()] == ["40"] * len(answers)
    assert "nothing" not in str(spills.failures(lake.catalog, orders.identifier))
    assert any(str(orders.uuid()) in text for text in spills.metadata(lake.warehouse, orders).values())
    assert any("a-word" in text for text in spills.logs(lake.state).values())


def test_of_a_catalog_that_vends_nothing_a_key_is_made_up_that_is_a_secret_too(lake, orders):
    made_up = replace(lake.catalog, vends=False).vend(orders.identifier)
    assert made_up.keys.secret in spills.secrets(lake.state).values()
    assert made_up.keys.secret in str(made_up.sets)
