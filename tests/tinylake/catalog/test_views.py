"""Views over the wire: their texts, their history, and the names that they share with tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import catalog_wire as wire
import pytest
import servers
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import NoSuchViewError, ViewAlreadyExistsError

if TYPE_CHECKING:
    import httpx


def version(sql: str, dialect: str = "spark", **more: Any) -> dict[str, Any]:
    """A view version as clients send it."""
    return {
        "version-id": 1,
        "schema-id": 0,
        "timestamp-ms": 1_700_000_000_000,
        "summary": {"engine": "test"},
        "representations": [{"type": "sql", "sql": sql, "dialect": dialect}],
        "default-namespace": ["n"],
        **more,
    }


def create(client: httpx.Client, namespace: str, name: str = "recent", **more: Any) -> httpx.Response:
    body = {"name": name, "schema": wire.SCHEMA, "view-version": version("SELECT 1 AS id"), "properties": {}, **more}
    return client.post(f"/namespaces/{namespace}/views", json=body)


def replace(client: httpx.Client, namespace: str, *updates: dict[str, Any], uuid: str | None = None) -> httpx.Response:
    required = [{"type": "assert-view-uuid", "uuid": uuid}] if uuid else []
    return client.post(f"/namespaces/{namespace}/views/recent", json={"requirements": required, "updates": updates})


def added(sql: str, **more: Any) -> dict[str, Any]:
    return {"action": "add-view-version", "view-version": version(sql, **more)}


LAST = {"action": "set-current-view-version", "view-version-id": -1}


def test_a_view_is_created_loaded_listed_and_dropped(writer: httpx.Client, namespace: str) -> None:
    made = create(writer, namespace, properties={"comment": "c"})
    assert made.status_code == 200, made.text
    metadata = made.json()["metadata"]
    assert (metadata["format-version"], metadata["current-version-id"]) == (1, 1)
    assert metadata["properties"] == {"comment": "c"}
    assert metadata["version-log"] == [{"timestamp-ms": 1_700_000_000_000, "version-id": 1}]
    assert metadata["versions"][0]["representations"][0]["sql"] == "SELECT 1 AS id"
    assert made.json()["metadata-location"].startswith(f"{metadata['location']}/metadata/00000-")
    path = f"/namespaces/{namespace}/views"
    assert writer.get(f"{path}/recent").json() == made.json()
    assert writer.head(f"{path}/recent").status_code == 204
    assert writer.get(path).json()["identifiers"] == [{"namespace": [namespace], "name": "recent"}]
    wire.refused(writer.delete(f"/namespaces/{namespace}"), 409, "NamespaceNotEmptyException")
    assert writer.delete(f"{path}/recent").status_code == 204
    assert writer.head(f"{path}/recent").status_code == 404
    assert writer.get(path).json()["identifiers"] == []


def test_a_replace_adds_a_version_and_makes_it_current(writer: httpx.Client, namespace: str) -> None:
    before = create(writer, namespace).json()["metadata"]
    wide = {
        **wire.SCHEMA,
        "fields": [*wire.SCHEMA["fields"], {"id": 2, "name": "b", "type": "long", "required": False}],
    }
    answer = replace(
        writer,
        namespace,
        {"action": "add-schema", "schema": {**wide, "schema-id": 7}},
        added("SELECT 1 AS id, 2 AS b", **{"schema-id": -1}),
        LAST,
        {"action": "set-properties", "updates": {"a": "1"}},
        uuid=before["view-uuid"],
    )
    assert answer.status_code == 200, answer.text
    after = writer.get(f"/namespaces/{namespace}/views/recent").json()["metadata"]
    assert after == answer.json()["metadata"]
    assert after["view-uuid"] == before["view-uuid"]
    assert after["current-version-id"] == 2
    assert [one["schema-id"] for one in after["schemas"]] == [0, 1]
    assert {one["version-id"]: one["schema-id"] for one in after["versions"]} == {1: 0, 2: 1}
    assert [entry["version-id"] for entry in after["version-log"]] == [1, 2]
    assert after["properties"] == {"a": "1"}


def test_an_old_version_can_be_made_current_again_and_the_same_text_is_no_new_one(
    writer: httpx.Client, namespace: str
) -> None:
    create(writer, namespace)
    replace(writer, namespace, added("SELECT 2 AS id"), LAST)
    back = replace(writer, namespace, {"action": "set-current-view-version", "view-version-id": 1}).json()["metadata"]
    assert (back["current-version-id"], len(back["versions"])) == (1, 2)
    again = replace(writer, namespace, added("SELECT 2 AS id"), LAST).json()["metadata"]
    assert (again["current-version-id"], len(again["versions"])) == (2, 2)
    assert [entry["version-id"] for entry in again["version-log"]] == [1, 2, 1, 2]


def test_old_versions_are_forgotten_where_the_view_says_so(writer: httpx.Client, namespace: str) -> None:
    create(writer, namespace, properties={"version.history.num-entries": "2"})
    for number in range(2, 6):
        metadata = replace(writer, namespace, added(f"SELECT {number} AS id"), LAST).json()["metadata"]
    assert [one["version-id"] for one in metadata["versions"]] == [4, 5]
    assert [entry["version-id"] for entry in metadata["version-log"]] == [4, 5]


@pytest.mark.parametrize(
    "update",
    [
        LAST,
        {"action": "set-current-view-version", "view-version-id": 9},
        added("SELECT 1", **{"schema-id": 9}),
        added("SELECT 1", **{"schema-id": -1}),
        added("SELECT 1", representations=[]),
        added("SELECT 1", representations=[{"type": "sql", "sql": "SELECT 1", "dialect": "Spark"}] * 2),
        added("SELECT 1", representations=[{"type": "prolog", "sql": "SELECT 1", "dialect": "Spark"}]),
        {"action": "assign-uuid", "uuid": "b1b2c3d4-0000-0000-0000-000000000000"},
        {"action": "upgrade-format-version", "format-version": 2},
        {"action": "set-location", "location": "s3://elsewhere/x"},
        {"action": "set-properties", "updates": {"version.history.num-entries": "none"}},
        {"action": "add-snapshot"},
        {},
    ],
)
def test_an_update_that_cannot_be_is_refused_and_changes_nothing(
    writer: httpx.Client, namespace: str, update: dict[str, Any]
) -> None:
    before = create(writer, namespace).json()
    wire.refused(replace(writer, namespace, update), 400, "BadRequestException")
    assert writer.get(f"/namespaces/{namespace}/views/recent").json() == before


@pytest.mark.parametrize(
    "more",
    [
        {"schema": {"type": "struct", "fields": [{"id": 1}]}},
        {"view-version": {"version-id": 1}},
        {"view-version": version("SELECT 1", representations=[])},
        {"location": "s3://elsewhere/x"},
        {"properties": {"version.history.num-entries": "0"}},
        {"name": ""},
    ],
)
def test_a_view_that_cannot_be_is_refused(writer: httpx.Client, namespace: str, more: dict[str, Any]) -> None:
    wire.refused(create(writer, namespace, **more), 400, "BadRequestException")
    assert writer.get(f"/namespaces/{namespace}/views").json()["identifiers"] == []


def test_another_uuid_is_a_conflict(writer: httpx.Client, namespace: str) -> None:
    create(writer, namespace)
    answer = replace(writer, namespace, added("SELECT 2"), LAST, uuid="b1b2c3d4-0000-0000-0000-000000000000")
    wire.refused(answer, 409, "CommitFailedException")


def test_of_eight_replaces_at_once_each_arrives_or_is_refused(
    lake: servers.Catalog, writer: httpx.Client, namespace: str
) -> None:
    create(writer, namespace)

    def run(number: int) -> int:
        with lake.http() as client:
            return replace(client, namespace, added(f"SELECT {number + 10} AS id"), LAST).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(run, range(8)))
    found = writer.get(f"/namespaces/{namespace}/views/recent").json()["metadata"]
    assert set(statuses) <= {200, 409}
    assert len(found["versions"]) == 1 + statuses.count(200)


def test_a_name_belongs_to_a_table_or_to_a_view(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace, "orders")
    create(writer, namespace)
    table = {"name": "recent", "schema": wire.SCHEMA}
    wire.refused(create(writer, namespace), 409, "AlreadyExistsException")
    told = wire.refused(create(writer, namespace, "orders"), 409, "AlreadyExistsException")
    assert told.startswith("Table with same name already exists")
    for body in (table, {**table, "stage-create": True}):
        answer = writer.post(f"/namespaces/{namespace}/tables", json=body)
        assert wire.refused(answer, 409, "AlreadyExistsException").startswith("View with same name already exists")
    file = writer.get(f"/namespaces/{namespace}/tables/orders").json()["metadata-location"]
    registered = writer.post(
        f"/namespaces/{namespace}/register", json={"name": "recent", "metadata-location": file, "overwrite": True}
    )
    wire.refused(registered, 409, "AlreadyExistsException")
    names = {name: {"namespace": [namespace], "name": name} for name in ("orders", "recent")}
    answer = writer.post("/tables/rename", json={"source": names["orders"], "destination": names["recent"]})
    wire.refused(answer, 409, "AlreadyExistsException")
    answer = writer.post("/views/rename", json={"source": names["recent"], "destination": names["orders"]})
    wire.refused(answer, 409, "AlreadyExistsException")


def test_a_view_is_no_table_and_a_table_no_view(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace, "orders")
    create(writer, namespace)
    wire.refused(writer.get(f"/namespaces/{namespace}/tables/recent"), 404, "NoSuchTableException")
    wire.refused(writer.delete(f"/namespaces/{namespace}/tables/recent"), 404, "NoSuchTableException")
    wire.refused(writer.get(f"/namespaces/{namespace}/views/orders"), 404, "NoSuchViewException")
    wire.refused(writer.delete(f"/namespaces/{namespace}/views/orders"), 404, "NoSuchViewException")
    wire.refused(replace(writer, "nowhere", LAST), 404, "NoSuchViewException")
    wire.refused(create(writer, "nowhere"), 404, "NoSuchNamespaceException")
    wire.refused(writer.get("/namespaces/nowhere/views"), 404, "NoSuchNamespaceException")


def test_a_view_does_not_lie_in_a_table(writer: httpx.Client, namespace: str) -> None:
    location = wire.create(writer, namespace)["metadata"]["location"]
    wire.refused(create(writer, namespace, location=f"{location}/inner"), 400, "BadRequestException")


def test_a_view_is_renamed_across_namespaces(writer: httpx.Client, namespace: str) -> None:
    writer.post("/namespaces", json={"namespace": [namespace, "deep"]})
    before = create(writer, namespace).json()
    source = {"namespace": [namespace], "name": "recent"}
    target = {"namespace": [namespace, "deep"], "name": "newest"}
    body = {"source": source, "destination": target}
    assert writer.post("/views/rename", json=body).status_code == 204
    assert writer.get(f"/namespaces/{namespace}%1Fdeep/views/newest").json() == before
    wire.refused(writer.post("/views/rename", json=body), 404, "NoSuchViewException")
    missing = {"source": target, "destination": {"namespace": ["nowhere"], "name": "v"}}
    wire.refused(writer.post("/views/rename", json=missing), 404, "NoSuchNamespaceException")


def test_pages_list_every_view_once_while_others_come_and_go(writer: httpx.Client, namespace: str) -> None:
    for number in range(7):
        create(writer, namespace, f"v{number}")
    seen, token = [], ""
    while token is not None:
        query = {"pageSize": 2, "pageToken": token}
        page = writer.get(f"/namespaces/{namespace}/views", params=query).json()
        seen += [one["name"] for one in page["identifiers"]]
        token = page["next-page-token"]
        writer.delete(f"/namespaces/{namespace}/views/{seen[-1]}")
        create(writer, namespace, f"u{len(seen)}")
    assert seen == [f"v{number}" for number in range(7)]


def test_a_reader_loads_and_changes_nothing(reader: httpx.Client, writer: httpx.Client, namespace: str) -> None:
    create(writer, namespace)
    names = [{"namespace": [namespace], "name": name} for name in ("recent", "other")]
    assert reader.get(f"/namespaces/{namespace}/views/recent").status_code == 200
    for answer in (
        create(reader, namespace, "mine"),
        replace(reader, namespace, added("SELECT 2"), LAST),
        reader.delete(f"/namespaces/{namespace}/views/recent"),
        reader.post("/views/rename", json={"source": names[0], "destination": names[1]}),
    ):
        wire.refused(answer, 403, "ForbiddenException")


def test_an_outsider_sees_none(lake: servers.Catalog, writer: httpx.Client, namespace: str) -> None:
    create(writer, namespace)
    own, foreign = {"namespace": ["elsewhere"], "name": "v"}, {"namespace": [namespace], "name": "recent"}
    with lake.http(servers.OUTSIDER) as outsider:
        for answer in (
            outsider.get(f"/namespaces/{namespace}/views"),
            outsider.get(f"/namespaces/{namespace}/views/recent"),
            outsider.post("/views/rename", json={"source": foreign, "destination": own}),
        ):
            wire.refused(answer, 403, "ForbiddenException")


def test_pyiceberg_creates_loads_lists_and_drops_a_view(lake: servers.Catalog, namespace: str) -> None:
    from pyiceberg.schema import Schema
    from pyiceberg.types import LongType, NestedField
    from pyiceberg.view.metadata import ViewVersion

    client = RestCatalog("lake", uri=lake.uri, warehouse="lake", token=servers.WRITER)
    made = ViewVersion.model_validate(version("SELECT 1 AS id"))
    schema = Schema(NestedField(1, "id", LongType(), required=False))
    client.create_view((namespace, "recent"), schema, made)
    with pytest.raises(ViewAlreadyExistsError):
        client.create_view((namespace, "recent"), schema, made)
    assert client.load_view((namespace, "recent")).metadata.current_version_id == 1
    assert client.list_views(namespace) == [(namespace, "recent")]
    client.drop_view((namespace, "recent"))
    assert not client.view_exists((namespace, "recent"))
    with pytest.raises(NoSuchViewError):
        client.load_view((namespace, "recent"))
