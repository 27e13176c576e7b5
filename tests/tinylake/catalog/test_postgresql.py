"""What PostgreSQL does that a file cannot: it goes away, and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import catalog_wire as wire
import postgres
import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[postgres.Postgres]:
    """A server of the test's own, to be killed."""
    with postgres.postgres(tmp_path) as running:
        yield running


def test_a_server_killed_with_its_catalog_keeps_every_acknowledged_commit(
    store: servers.Moto, mortal: postgres.Postgres, tmp_path: Path
) -> None:
    settings = {"LOCATION": f"s3://{store.bucket}/mortal", "DATABASE": mortal.database()}
    with servers.catalog(store, tmp_path, **settings) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        wire.create(client, "n")
        for number in range(20):
            answer = wire.commit(client, "n", "orders", wire.set_properties(**{f"k{number}": "1"}))
            assert answer.status_code == 200, answer.text
        mortal.kill()
        lake.server.kill()
    mortal.start()
    with servers.catalog(store, tmp_path, **settings) as lake, lake.http() as client:
        found = client.get("/namespaces/n/tables/orders").json()["metadata"]["properties"]
    assert set(found) == {f"k{number}" for number in range(20)}


def test_while_it_is_away_the_answer_is_503_and_afterwards_all_is_well(
    store: servers.Moto, mortal: postgres.Postgres, tmp_path: Path
) -> None:
    settings = {"LOCATION": f"s3://{store.bucket}/away", "DATABASE": mortal.database()}
    with servers.catalog(store, tmp_path, **settings) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        mortal.kill()
        wire.refused(client.get("/namespaces"), 503, "ServiceUnavailableException")
        answer = client.post("/namespaces", json={"namespace": ["m"]})
        assert str(mortal.port) not in wire.refused(answer, 503, "ServiceUnavailableException")
        mortal.start()
        assert client.get("/namespaces").json()["namespaces"] == [["n"]]
        assert client.post("/namespaces", json={"namespace": ["m"]}).status_code == 200


def test_a_server_that_is_not_there_ends_the_catalog_with_2_and_one_line(
    store: servers.Moto, mortal: postgres.Postgres, tmp_path: Path
) -> None:
    database = mortal.database().replace("postgres@", "postgres:hush-hush@")
    mortal.kill()
    values = servers.catalog_environment(store, tmp_path / "unused", DATABASE=database)
    command = [sys.executable, "-m", "tinylake.catalog", "--port", "1"]
    environment = {**os.environ, "PYTHONPATH": str(servers.LIBRARY), **values}
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "TINYLAKE_CATALOG_DATABASE" in ended.stderr
    assert "hush-hush" not in ended.stderr
    assert "Traceback" not in ended.stderr
