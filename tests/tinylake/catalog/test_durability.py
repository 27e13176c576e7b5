"""kill -9 at any moment of a commit: what was acknowledged is there, and the table is whole."""

from __future__ import annotations

import random
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import catalog_wire as wire
import httpx
import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

KILLS = 50
SPARES = 2  # catalogs on the same database that are ready, or nearly, when one is killed
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
def test_fifty_kills_during_commits_lose_no_acknowledged_one(
    store: servers.Moto, tmp_path: Path, new_database: Callable[[Path], str]
) -> None:
    writer, chance = Writer(), random.Random(7)
    settings = {"LOCATION": f"s3://{store.bucket}/{tmp_path.name}", "DATABASE": new_database(tmp_path)}
    with ExitStack() as stack, ThreadPoolExecutor(1 + SPARES) as pool:

        def start(number: int) -> Future[servers.Catalog]:
            return pool.submit(stack.enter_context, servers.catalog(store, tmp_path, name=f"c{number}", **settings))

        spares = deque(start(number) for number in range(SPARES))
        for kill in range(KILLS):
            lake = spares.popleft().result()
            spares.append(start(SPARES + kill))
            _begin(lake)
            assert writer.acknowledged <= _committed(lake)
            goal = len(writer.acknowledged) + chance.randint(1, MOST_BEFORE_KILL)
            writing = pool.submit(writer.until_killed, lake)
            servers.poll("commits", lambda goal=goal: len(writer.acknowledged) >= goal)
            lake.server.kill()
            writing.result()
        found = _committed(spares.popleft().result())
    assert writer.acknowledged <= found
    assert len(found - writer.acknowledged) <= KILLS


def _begin(lake: servers.Catalog) -> None:
    """Makes the table; where it is made already, this is refused and changes nothing."""
    with lake.http() as client:
        client.post("/namespaces", json={"namespace": ["kills"]})
        client.post("/namespaces/kills/tables", json={"name": "orders", "schema": wire.SCHEMA})
