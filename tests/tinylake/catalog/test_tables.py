"""Tables over the wire, with their refusals; commits have a module of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import catalog_wire as wire
import pytest
import servers

if TYPE_CHECKING:
    import httpx


def _post(client: httpx.Client, namespace: str, **body: Any) -> httpx.Response:
    return client.post(f"/namespaces/{namespace}/tables", json={"name": "t", "schema": wire.SCHEMA, **body})


def _rename(client: httpx.Client, source: tuple[str, str], target: tuple[str, str]) -> httpx.Response:
    named = [{"namespace": [space], "name": name} for space, name in (source, target)]
    return client.post("/tables/rename", json={"source": named[0], "destination": named[1]})


def test_a_new_table_lies_below_its_namespace_with_fresh_ids(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    fields = [{"id": 7, "name": "a", "type": "int", "required": True}, {"id": 9, "name": "b", "type": "string"}]
    fields[1]["required"] = False
    spec = {"fields": [{"source-id": 9, "transform": "identity", "name": "b"}]}
    schema = {"type": "struct", "fields": fields}
    made = wire.create(writer, namespace, schema=schema, **{"partition-spec": spec}, properties={"owner": "me"})
    metadata = made["metadata"]
    assert metadata["location"] == f"s3://{store.bucket}/warehouse/{namespace}/orders"
    assert made["metadata-location"].startswith(f"{metadata['location']}/metadata/00000-")
    assert [field["id"] for field in metadata["schemas"][0]["fields"]] == [1, 2]
    assert metadata["partition-specs"][0]["fields"][0]["source-id"] == 2
    assert metadata["partition-specs"][0]["fields"][0]["field-id"] == 1000
    assert (metadata["last-column-id"], metadata["format-version"]) == (2, 2)
    assert metadata["properties"] == {"owner": "me"}
    assert writer.get(f"/namespaces/{namespace}/tables/orders").json()["metadata"] == metadata


@pytest.mark.parametrize("version", [1, 2, 3])
def test_each_format_version_is_created_committed_and_read(writer: httpx.Client, namespace: str, version: int) -> None:
    made = wire.create(writer, namespace, properties={"format-version": str(version)})
    assert made["metadata"]["format-version"] == version
    assert wire.commit(writer, namespace, "orders", wire.set_properties(a="1")).status_code == 200
    read = writer.get(f"/namespaces/{namespace}/tables/orders").json()["metadata"]
    assert (read["format-version"], read["properties"]) == (version, {"a": "1"})
    assert ("schema" in read) == (version == 1)


def test_a_table_needs_its_namespace_and_a_free_name(writer: httpx.Client, namespace: str) -> None:
    wire.refused(_post(writer, "nowhere"), 404, "NoSuchNamespaceException")
    assert _post(writer, namespace).status_code == 200
    wire.refused(_post(writer, namespace), 409, "AlreadyExistsException")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"schema": None},
        {"schema": {"type": "struct", "fields": [{"id": 1, "name": "a", "type": "nothing", "required": False}]}},
        {"properties": {"format-version": "9"}},
        {"properties": {"format-version": "two"}},
        {"partition-spec": {"fields": [{"source-id": 77, "transform": "identity", "name": "x"}]}},
    ],
)
def test_a_table_that_cannot_be_is_refused(writer: httpx.Client, namespace: str, body: dict[str, Any]) -> None:
    wire.refused(_post(writer, namespace, **body), 400, "BadRequestException")


def test_a_staged_table_is_not_there_until_its_commit(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    staged = wire.create(writer, namespace, **{"stage-create": True})
    assert "metadata-location" not in staged
    assert writer.head(f"/namespaces/{namespace}/tables/orders").status_code == 404
    assert store.keys(f"warehouse/{namespace}/") == []
    created = wire.commit(writer, namespace, "orders", _building(staged["metadata"]), [{"type": "assert-create"}])
    assert created.status_code == 200, created.text
    assert created.json()["metadata"]["table-uuid"] == staged["metadata"]["table-uuid"]
    assert created.json()["metadata"]["location"] == staged["metadata"]["location"]
    again = wire.commit(writer, namespace, "orders", _building(staged["metadata"]), [{"type": "assert-create"}])
    wire.refused(again, 409, "AlreadyExistsException")


def _building(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """What Java's and Python's clients send to commit a staged table."""
    return [
        {"action": "assign-uuid", "uuid": metadata["table-uuid"]},
        {"action": "upgrade-format-version", "format-version": metadata["format-version"]},
        {"action": "add-schema", "schema": metadata["schemas"][0]},
        {"action": "set-current-schema", "schema-id": -1},
        {"action": "add-spec", "spec": metadata["partition-specs"][0]},
        {"action": "set-default-spec", "spec-id": -1},
        {"action": "add-sort-order", "sort-order": metadata["sort-orders"][0]},
        {"action": "set-default-sort-order", "sort-order-id": -1},
        {"action": "set-location", "location": metadata["location"]},
        {"action": "set-properties", "updates": {"built": "yes"}},
    ]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_commit_builds_a_table_in_each_format_version(writer: httpx.Client, namespace: str, version: int) -> None:
    staged = wire.create(writer, namespace, **{"stage-create": True}, properties={"format-version": str(version)})
    created = wire.commit(writer, namespace, "orders", _building(staged["metadata"]), [{"type": "assert-create"}])
    if version == 3:
        wire.refused(created, 400, "BadRequestException")  # PyIceberg cannot upgrade to it yet
    else:
        assert created.json()["metadata"]["format-version"] == version


def test_another_tables_uuid_cannot_be_taken(writer: httpx.Client, namespace: str) -> None:
    uuid = wire.create(writer, namespace, "first")["metadata"]["table-uuid"]
    staged = wire.create(writer, namespace, "second", **{"stage-create": True})["metadata"]
    stolen = _building({**staged, "table-uuid": uuid})
    answer = wire.commit(writer, namespace, "second", stolen, [{"type": "assert-create"}])
    wire.refused(answer, 409, "AlreadyExistsException")


def test_loading_and_dropping_what_is_not_there_is_refused(writer: httpx.Client, namespace: str) -> None:
    path = f"/namespaces/{namespace}/tables/nothing"
    for answer in (writer.get(path), writer.delete(path), writer.get(f"{path}/credentials")):
        assert wire.refused(answer, 404, "NoSuchTableException") == f"Table does not exist: {namespace}.nothing"
    assert writer.head(path).status_code == 404


def test_tables_are_listed_page_by_page(writer: httpx.Client, namespace: str) -> None:
    for number in range(5):
        wire.create(writer, namespace, f"t{number}")
    path = f"/namespaces/{namespace}/tables"
    assert len(writer.get(path).json()["identifiers"]) == 5
    first = writer.get(path, params={"pageSize": 3}).json()
    rest = writer.get(path, params={"pageSize": 3, "pageToken": first["next-page-token"]}).json()
    names = [one["name"] for one in first["identifiers"] + rest["identifiers"]]
    assert (names, rest["next-page-token"]) == ([f"t{number}" for number in range(5)], None)
    wire.refused(writer.get("/namespaces/nowhere/tables"), 404, "NoSuchNamespaceException")


@pytest.mark.parametrize("name", ["a/b", "a.b", "a b", "ä", "100%", "..", "*"])
def test_a_table_may_have_any_name_but_no_wide_location(writer: httpx.Client, namespace: str, name: str) -> None:
    location = wire.create(writer, namespace, name)["metadata"]["location"]
    assert location.startswith(f"s3://lake-bucket/warehouse/{namespace}/")
    assert not set(location) & set("*?%")
    assert "/.." not in location
    assert writer.head(f"/namespaces/{namespace}/tables/{quote(name, safe='')}").status_code == 204


def test_a_renamed_table_keeps_its_files(writer: httpx.Client, namespace: str) -> None:
    before = wire.create(writer, namespace)
    assert _rename(writer, (namespace, "orders"), (namespace, "sales")).status_code == 204
    after = writer.get(f"/namespaces/{namespace}/tables/sales").json()
    assert after["metadata-location"] == before["metadata-location"]
    assert writer.head(f"/namespaces/{namespace}/tables/orders").status_code == 404
    assert wire.create(writer, namespace)["metadata"]["location"] != before["metadata"]["location"]


def test_a_table_is_renamed_into_another_namespace(writer: httpx.Client, namespace: str) -> None:
    before = wire.create(writer, namespace)
    writer.post("/namespaces", json={"namespace": [namespace, "deep"]})
    there = {"namespace": [namespace, "deep"], "name": "sales"}
    body = {"source": {"namespace": [namespace], "name": "orders"}, "destination": there}
    assert writer.post("/tables/rename", json=body).status_code == 204
    found = writer.get(f"/namespaces/{namespace}%1Fdeep/tables/sales").json()
    assert found["metadata-location"] == before["metadata-location"]
    assert writer.get(f"/namespaces/{namespace}/tables").json()["identifiers"] == []
    assert writer.get(f"/namespaces/{namespace}%1Fdeep/tables").json()["identifiers"] == [there]
    wire.refused(writer.delete(f"/namespaces/{namespace}%1Fdeep"), 409, "NamespaceNotEmptyException")


def test_pages_list_every_table_once_while_others_come_and_go(writer: httpx.Client, namespace: str) -> None:
    for number in range(5):
        wire.create(writer, namespace, f"t{number}")
    seen, token, path = [], "", f"/namespaces/{namespace}/tables"
    while token is not None:
        page = writer.get(path, params={"pageSize": 2, "pageToken": token}).json()
        seen += [one["name"] for one in page["identifiers"]]
        token = page["next-page-token"]
        writer.delete(f"{path}/{seen[-1]}")
        wire.create(writer, namespace, f"s{len(seen)}")
    assert seen == [f"t{number}" for number in range(5)]


def test_a_rename_needs_a_source_and_a_free_target(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace, "a")
    wire.create(writer, namespace, "b")
    missing = _rename(writer, (namespace, "x"), (namespace, "y"))
    wire.refused(missing, 404, "NoSuchTableException")
    wire.refused(_rename(writer, (namespace, "a"), (namespace, "b")), 409, "AlreadyExistsException")
    wire.refused(_rename(writer, (namespace, "a"), ("nowhere", "a")), 404, "NoSuchNamespaceException")


def test_a_dropped_table_leaves_its_files_and_can_be_registered(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    file = wire.create(writer, namespace)["metadata-location"]
    assert writer.delete(f"/namespaces/{namespace}/tables/orders").status_code == 204
    assert file.endswith(store.keys(f"warehouse/{namespace}/")[0])
    path = f"/namespaces/{namespace}/register"
    assert writer.post(path, json={"name": "back", "metadata-location": file}).json()["metadata-location"] == file
    again = writer.post(path, json={"name": "back", "metadata-location": file})
    wire.refused(again, 409, "AlreadyExistsException")
    other = writer.post(path, json={"name": "twice", "metadata-location": file})
    wire.refused(other, 400, "BadRequestException")
    over = writer.post(path, json={"name": "back", "metadata-location": file, "overwrite": True})
    assert over.status_code == 200


@pytest.mark.parametrize("file", ["s3://lake-bucket/warehouse/none.metadata.json", "s3://lake-bucket/x.json", "x", ""])
def test_what_cannot_be_registered_is_refused(writer: httpx.Client, namespace: str, file: str) -> None:
    answer = writer.post(f"/namespaces/{namespace}/register", json={"name": "t", "metadata-location": file})
    wire.refused(answer, 400, "BadRequestException")


def test_a_broken_metadata_file_is_not_registered_and_is_named(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    key = f"warehouse/{namespace}/{uuid4()}.metadata.json"
    store.client("s3").put_object(Bucket=store.bucket, Key=key, Body=b"{")
    body = {"name": "t", "metadata-location": f"s3://{store.bucket}/{key}"}
    assert key in wire.refused(writer.post(f"/namespaces/{namespace}/register", json=body), 400, "BadRequestException")


def test_a_purge_removes_the_tables_files_and_no_others(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    wire.create(writer, namespace, "orders")
    wire.create(writer, namespace, "orders2")
    answer = writer.delete(f"/namespaces/{namespace}/tables/orders", params={"purgeRequested": "True"})
    assert answer.status_code == 204
    assert store.keys(f"warehouse/{namespace}/orders/") == []
    assert len(store.keys(f"warehouse/{namespace}/orders2/")) == 1


def test_snapshots_that_no_ref_points_to_can_be_left_out(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace)
    wire.commit(writer, namespace, "orders", wire.snapshot(1, 1))
    wire.commit(writer, namespace, "orders", wire.snapshot(2, 2, parent=1))
    path = f"/namespaces/{namespace}/tables/orders"
    assert len(writer.get(path).json()["metadata"]["snapshots"]) == 2
    refs = writer.get(path, params={"snapshots": "refs"}).json()["metadata"]["snapshots"]
    assert [one["snapshot-id"] for one in refs] == [2]


def test_reports_are_taken_for_tables_that_exist(reader: httpx.Client, writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace)
    path = f"/namespaces/{namespace}/tables/orders/metrics"
    assert reader.post(path, json={"report-type": "scan-report"}).status_code == 204
    wire.refused(reader.post(path, json={"report-type": "gossip"}), 400, "BadRequestException")
    missing = f"/namespaces/{namespace}/tables/nothing/metrics"
    wire.refused(reader.post(missing, json={"report-type": "scan-report"}), 404, "NoSuchTableException")


def test_a_reader_loads_and_changes_nothing(reader: httpx.Client, writer: httpx.Client, namespace: str) -> None:
    file = wire.create(writer, namespace)["metadata-location"]
    path = f"/namespaces/{namespace}/tables/orders"
    for answer in (
        _post(reader, namespace),
        _post(reader, namespace, **{"stage-create": True}),
        reader.delete(path),
        reader.delete(path, params={"purgeRequested": "true"}),
        _rename(reader, (namespace, "orders"), (namespace, "mine")),
        reader.post(f"/namespaces/{namespace}/register", json={"name": "t", "metadata-location": file}),
        wire.commit(reader, namespace, "orders", wire.set_properties(a="1")),
    ):
        wire.refused(answer, 403, "ForbiddenException")
    assert reader.get(path).json()["metadata-location"] == file
    assert reader.head(path).status_code == 204


def test_a_table_cannot_be_moved_out_of_or_into_sight(
    lake: servers.Catalog, writer: httpx.Client, namespace: str
) -> None:
    wire.create(writer, namespace)
    with lake.http(servers.OUTSIDER) as outsider:
        for source, target in (((namespace, "orders"), ("elsewhere", "x")), (("elsewhere", "x"), (namespace, "x"))):
            wire.refused(_rename(outsider, source, target), 403, "ForbiddenException")
