"""What ends by itself: tokens and vended credentials."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import catalog_wire as wire
import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

TOKENS = {
    "past": {"principal": "paul", "grant": "write", "expires_at": "2001-01-01T00:00:00Z"},
    "ahead": {"principal": "paul", "grant": "write", "expires_at": "2999-01-01T00:00:00+01:00"},
}


@pytest.fixture(scope="module")
def brief(store: servers.Moto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Catalog]:
    """A catalog whose tokens expire, and whose credentials last one second."""
    folder = tmp_path_factory.mktemp("brief")
    with servers.catalog(store, folder, TOKENS=json.dumps(TOKENS), CREDENTIAL_SECONDS="1") as running:
        yield running


@pytest.fixture
def client(brief: servers.Catalog) -> Iterator[httpx.Client]:
    with brief.http("ahead") as made:
        yield made


@pytest.mark.parametrize("path", ["/v1/config", "/v1/lake/namespaces"])
def test_an_expired_token_is_refused_and_one_that_is_not_is_taken(brief: servers.Catalog, path: str) -> None:
    with brief.http("past") as late, brief.http("ahead") as early:
        assert "expired" in wire.refused(late.get(f"{brief.uri}{path}"), 401, "NotAuthorizedException")
        assert early.get(f"{brief.uri}{path}").status_code == 200


def test_credentials_may_last_less_than_botos_15_minutes(client: httpx.Client) -> None:
    client.post("/namespaces", json={"namespace": ["brief"]})
    asked = time.time()
    config = wire.create(client, "brief", headers=wire.DELEGATED)["config"]
    left = int(config["s3.session-token-expires-at-ms"]) / 1000 - asked
    assert 0 < left <= time.time() - asked + 1
