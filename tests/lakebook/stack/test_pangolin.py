"""Pangolin, where its binary is on the PATH: it starts on each local store, and lacks what its profiles say."""

from __future__ import annotations

from uuid import uuid4

import lakes
import pytest
import stores

from lakebook import profile, requirement
from lakebook.data import events
from lakebook.stack import resolution

WITH_PANGOLIN = [pytest.mark.slow, pytest.mark.timeout(300), stores.asked_for("pangolin-memory")]
LOCAL = [f"pangolin-{store}{mode}" for store in ("memory", "sqlite", "postgres") for mode in ("", "-client")]


@pytest.fixture(scope="module", params=[pytest.param(name, marks=WITH_PANGOLIN) for name in LOCAL])
def lake(request):
    with lakes.lent("pangolin", profile.load(request.param)) as lent:
        yield lent


def test_rows_are_written_and_read_with_the_token_of_its_set_up(lake):
    rows = events(1, 10).files[0].rows
    assert lake.create("orders", rows).compare(rows).got_rows == 10


def test_it_gives_a_key_with_a_table_where_the_profile_says_so_and_no_key_else(lake):
    table = lake.create("keys", events(1, 1).rows)
    config = lake.rest().load_table(table.identifier).require(200).body["config"]
    assert ("s3.secret-access-key" in config) == lake.can("vends")


def test_what_it_is_said_to_lack_is_absent(lake):
    rest, home = lake.rest(), (f"{lake.namespace}_{uuid4().hex[:6]}",)
    inner = (*home, "inner")
    for name in (home, inner):
        rest.create_namespace(name).require(200)
    assert rest.list_views(home).status == 405
    assert rest.commit_transaction([]).status == 404
    assert [*inner] in rest.list_namespaces().body["namespaces"]
    table = lake.create("lacks", events(1, 1).rows)
    loaded = rest.load_table(table.identifier).require(200).body["config"]
    assert not {"s3.session-token-expires-at-ms", "client.refresh-credentials-endpoint", "s3.signer.uri"} & {*loaded}


@pytest.mark.parametrize("name", LOCAL)
def test_without_keys_from_the_catalog_nothing_of_vending_applies_and_there_is_one_engine(name):
    has, lacks = resolution.capabilities(profile.load(name))
    client = name.endswith("-client")
    assert client == bool({"vends", "sts", "several_engines"} <= lacks.keys())
    assert client == bool(requirement.get("CAT-09").missing(has))
    assert ("durable" in has) == ("memory" not in name)
