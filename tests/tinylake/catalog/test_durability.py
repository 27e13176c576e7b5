"""kill -9 at any moment of a commit: what was acknowledged is there, and the table is whole."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
import servers
from catalog import wire

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 50
MOST_BEFORE_KILL = 6


class Writer:
    """Commits one property after another, and remembers which were acknowledged."""

    def __init__(self) -> None:
        self.tried = 0
        self.acknowledged: set[str] = set()

    def until_killed(self, lake: servers.Catalog) -> None:
        with lake.http() as client:
            while True:
                self.tried += 1
                key = f"k{self.tried}"
                try:
                    answer = wire.commit(client, "kills", "orders", wire.set_properties(**{key: "1"}))
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                self.acknowledged.add(key)


def _committed(lake: servers.Catalog) -> set[str]:
    with lake.http() as client:
        answer = client.get("/namespaces/kills/tables/orders")
    assert answer.status_code == 200, answer.text
    return set(answer.json()["metadata"]["properties"])


@pytest.mark.slow
def test_fifty_kills_during_commits_lose_no_acknowledged_one(store: servers.Moto, tmp_path: Path) -> None:
    writer, chance = Writer(), random.Random(7)
    location = f"s3://{store.bucket}/kills"
    with ThreadPoolExecutor(1) as pool:
        for kill in range(KILLS):
            with servers.catalog(store, tmp_path, LOCATION=location) as lake:
                if not kill:
                    _begin(lake)
                assert writer.acknowledged <= _committed(lake)
                goal = len(writer.acknowledged) + chance.randint(1, MOST_BEFORE_KILL)
                writing = pool.submit(writer.until_killed, lake)
                servers.poll("commits", lambda goal=goal: len(writer.acknowledged) >= goal)
                lake.server.kill()
                writing.result()
    with servers.catalog(store, tmp_path, LOCATION=location) as lake:
        found = _committed(lake)
    assert writer.acknowledged <= found
    assert len(found - writer.acknowledged) <= KILLS


def _begin(lake: servers.Catalog) -> None:
    with lake.http() as client:
        client.post("/namespaces", json={"namespace": ["kills"]})
        wire.create(client, "kills")
