"""A commit to several tables: all of them change, or none does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import catalog_wire as wire
import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

TABLES = ("orders", "lines", "parts")


@pytest.fixture(scope="module")
def shop(
    store: servers.Moto, tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]
) -> Iterator[servers.Catalog]:
    """A catalog on each kind of database."""
    folder = tmp_path_factory.mktemp("shop")
    settings = {"LOCATION": f"s3://{store.bucket}/{folder.name}", "DATABASE": new_database(folder)}
    with servers.catalog(store, folder, **settings) as running:
        yield running


@pytest.fixture
def client(shop: servers.Catalog) -> Iterator[httpx.Client]:
    with shop.http() as made:
        yield made


@pytest.fixture
def place(client: httpx.Client, request: pytest.FixtureRequest) -> str:
    """A namespace with three tables."""
    name = f"n{abs(hash(request.node.name)):x}"
    client.post("/namespaces", json={"namespace": [name]})
    for table in TABLES:
        wire.create(client, name, table)
    return name


def change(place: str, name: str, updates: list[Any], requirements: list[Any] | None = None) -> dict[str, Any]:
    return {
        "identifier": {"namespace": [place], "name": name},
        "requirements": requirements or [],
        "updates": updates,
    }


def send(client: httpx.Client, *changes: dict[str, Any]) -> httpx.Response:
    return client.post("/transactions/commit", json={"table-changes": changes})


def loaded(client: httpx.Client, place: str) -> dict[str, dict[str, Any]]:
    return {name: client.get(f"/namespaces/{place}/tables/{name}").json() for name in TABLES}


def files(shop: servers.Catalog, store: servers.Moto) -> list[str]:
    return store.keys(f"{shop.location.removeprefix(f's3://{store.bucket}/')}/")


def test_every_table_changes(client: httpx.Client, place: str) -> None:
    answer = send(client, *(change(place, name, wire.set_properties(a=name), wire.main_is(None)) for name in TABLES))
    assert (answer.status_code, answer.content) == (204, b"")
    assert {name: one["metadata"]["properties"] for name, one in loaded(client, place).items()} == {
        name: {"a": name} for name in TABLES
    }


@pytest.mark.parametrize(
    ("last", "status", "kind"),
    [
        (("parts", [], [{"type": "assert-current-schema-id", "current-schema-id": 9}]), 409, "CommitFailedException"),
        (("parts", wire.set_properties(a="1"), wire.main_is(7)), 409, "CommitFailedException"),
        (("missing", wire.set_properties(a="1")), 404, "NoSuchTableException"),
        (("parts", wire.set_properties(a="1"), [{"type": "assert-create"}]), 409, "AlreadyExistsException"),
        (("parts", [{"action": "set-current-schema", "schema-id": 9}]), 400, "BadRequestException"),
        (("parts", [{"action": "set-location", "location": "s3://elsewhere/x"}]), 400, "BadRequestException"),
        (("orders", wire.set_properties(b="1")), 400, "BadRequestException"),
        (("", []), 400, "BadRequestException"),
    ],
)
def test_when_one_is_refused_none_changes_and_no_file_stays(
    shop: servers.Catalog,
    store: servers.Moto,
    client: httpx.Client,
    place: str,
    last: tuple[Any, ...],
    status: int,
    kind: str,
) -> None:
    before, there = loaded(client, place), files(shop, store)
    first = [change(place, name, wire.set_properties(a="1")) for name in ("orders", "lines")]
    wire.refused(send(client, *first, change(place, *last)), status, kind)
    assert loaded(client, place) == before
    assert files(shop, store) == there


def test_a_table_may_be_made_in_it_and_is_not_when_another_is_refused(client: httpx.Client, place: str) -> None:
    staged = wire.create(client, place, "fresh", **{"stage-create": True})["metadata"]
    updates = [
        {"action": "assign-uuid", "uuid": staged["table-uuid"]},
        {"action": "upgrade-format-version", "format-version": 2},
        {"action": "add-schema", "schema": staged["schemas"][0]},
        {"action": "set-current-schema", "schema-id": -1},
        {"action": "add-spec", "spec": staged["partition-specs"][0]},
        {"action": "set-default-spec", "spec-id": -1},
        {"action": "add-sort-order", "sort-order": staged["sort-orders"][0]},
        {"action": "set-default-sort-order", "sort-order-id": -1},
        {"action": "set-location", "location": staged["location"]},
    ]
    new = change(place, "fresh", updates, [{"type": "assert-create"}])
    late = change(place, "orders", wire.set_properties(a="1"), wire.main_is(7))
    wire.refused(send(client, new, late), 409, "CommitFailedException")
    assert client.head(f"/namespaces/{place}/tables/fresh").status_code == 404
    answer = send(client, new, change(place, "orders", wire.set_properties(a="1")))
    assert answer.status_code == 204, answer.text
    found = client.get(f"/namespaces/{place}/tables/fresh").json()["metadata"]
    assert found["table-uuid"] == staged["table-uuid"]


@pytest.mark.parametrize("body", [{}, {"table-changes": []}, {"table-changes": [{"updates": []}]}, []])
def test_a_body_that_cannot_be_is_refused(client: httpx.Client, body: Any) -> None:
    wire.refused(client.post("/transactions/commit", json=body), 400, "BadRequestException")


def test_a_grant_is_needed_for_every_table(shop: servers.Catalog, client: httpx.Client, place: str) -> None:
    client.post("/namespaces", json={"namespace": ["elsewhere"]})
    client.post("/namespaces/elsewhere/tables", json={"name": "own", "schema": wire.SCHEMA})
    before = loaded(client, place)
    with shop.http(servers.OUTSIDER) as outsider:
        own, foreign = (
            change(where, name, wire.set_properties(a="1")) for where, name in (("elsewhere", "own"), (place, "orders"))
        )
        wire.refused(send(outsider, own, foreign), 403, "ForbiddenException")
        assert send(outsider, own).status_code == 204
    with shop.http(servers.READER) as reader:
        wire.refused(send(reader, own), 403, "ForbiddenException")
    assert loaded(client, place) == before


def test_of_eight_transactions_on_the_same_tables_one_wins_and_wins_everywhere(
    shop: servers.Catalog, client: httpx.Client, place: str
) -> None:
    def run(number: int) -> int:
        with shop.http() as racer:
            order = TABLES if number % 2 else TABLES[::-1]
            mine = [change(place, name, wire.snapshot(number + 1, 1), wire.main_is(None)) for name in order]
            return send(racer, *mine).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(run, range(8)))
    assert statuses == [204] + [409] * 7
    assert len({one["metadata"]["current-snapshot-id"] for one in loaded(client, place).values()}) == 1
