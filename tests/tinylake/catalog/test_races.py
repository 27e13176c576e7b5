"""Two catalog processes on one database: of many commits at once, one wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import catalog_wire as wire
import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

RACERS = 16
ROUNDS = 10


@pytest.fixture(scope="module")
def pair(
    store: servers.Moto, tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]
) -> Iterator[list[servers.Catalog]]:
    folder: Path = tmp_path_factory.mktemp("pair")
    settings = {"LOCATION": f"s3://{store.bucket}/{folder.name}", "DATABASE": new_database(folder)}
    with (
        servers.catalog(store, folder, name="first", **settings) as first,
        servers.catalog(store, folder, name="second", **settings) as second,
    ):
        yield [first, second]


def _files(pair: list[servers.Catalog], store: servers.Moto, below: str) -> list[str]:
    return store.keys(f"{pair[0].location.removeprefix(f's3://{store.bucket}/')}/{below}")


def _race(pair: list[servers.Catalog], run: Callable[[httpx.Client, int], httpx.Response]) -> list[int]:
    """The statuses of all racers, who start together and are spread over both catalogs."""
    barrier = Barrier(RACERS)

    def racer(number: int) -> int:
        with pair[number % 2].http() as client:
            client.head("/namespaces/warm-up")
            barrier.wait()
            return run(client, number).status_code

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(racer, range(RACERS)))


def test_of_sixteen_commits_on_two_processes_one_wins(pair: list[servers.Catalog], store: servers.Moto) -> None:
    with pair[0].http() as client:
        client.post("/namespaces", json={"namespace": ["races"]})
        wire.create(client, "races")
        last = None
        for turn in range(ROUNDS):
            required = wire.main_is(last)

            def run(racer: httpx.Client, number: int) -> httpx.Response:
                updates = wire.snapshot(1 + turn * RACERS + number, turn + 1, parent=last)  # noqa: B023
                return wire.commit(racer, "races", "orders", updates, required)  # noqa: B023

            assert _race(pair, run) == [200] + [409] * (RACERS - 1)
            last = client.get("/namespaces/races/tables/orders").json()["metadata"]["current-snapshot-id"]
    files = _files(pair, store, "races/orders/metadata/")
    assert len(files) == 1 + ROUNDS, "a lost race left its metadata file"


def test_of_sixteen_creations_one_wins(pair: list[servers.Catalog], store: servers.Moto) -> None:
    with pair[0].http() as client:
        client.post("/namespaces", json={"namespace": ["births"]})
    body = {"name": "t", "schema": wire.SCHEMA}
    statuses = _race(pair, lambda client, _: client.post("/namespaces/births/tables", json=body))
    assert statuses == [200] + [409] * (RACERS - 1)
    assert len(_files(pair, store, "births/")) == 1


def test_of_sixteen_namespaces_of_one_name_one_is_made(pair: list[servers.Catalog]) -> None:
    statuses = _race(pair, lambda client, _: client.post("/namespaces", json={"namespace": ["once"]}))
    assert statuses == [200] + [409] * (RACERS - 1)


def test_commits_without_requirements_all_arrive_or_are_refused(pair: list[servers.Catalog]) -> None:
    with pair[0].http() as client:
        client.post("/namespaces", json={"namespace": ["mixed"]})
        wire.create(client, "mixed")

        def run(racer: httpx.Client, number: int) -> httpx.Response:
            return wire.commit(racer, "mixed", "orders", wire.set_properties(**{f"k{number}": "1"}))

        statuses = _race(pair, run)
        properties = client.get("/namespaces/mixed/tables/orders").json()["metadata"]["properties"]
    assert set(statuses) <= {200, 409}
    assert len(properties) == statuses.count(200)
