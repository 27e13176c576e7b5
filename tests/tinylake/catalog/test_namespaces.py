"""Namespaces over the wire, with their refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import catalog_wire as wire
import pytest
import servers

if TYPE_CHECKING:
    import httpx


def _create(client: httpx.Client, *levels: str, **properties: str) -> httpx.Response:
    return client.post("/namespaces", json={"namespace": list(levels), "properties": properties})


def test_a_namespace_is_created_loaded_and_dropped(writer: httpx.Client, namespace: str) -> None:
    created = _create(writer, namespace, "inner", owner="me")
    assert created.json() == {"namespace": [namespace, "inner"], "properties": {"owner": "me"}}
    path = f"/namespaces/{namespace}%1Finner"
    assert writer.get(path).json() == created.json()
    assert writer.head(path).status_code == 204
    assert writer.delete(path).status_code == 204
    assert writer.head(path).status_code == 404


def test_a_second_one_of_the_name_is_refused(writer: httpx.Client, namespace: str) -> None:
    wire.refused(_create(writer, namespace), 409, "AlreadyExistsException")


def test_a_parent_must_exist(writer: httpx.Client) -> None:
    wire.refused(_create(writer, "nowhere", "inner"), 404, "NoSuchNamespaceException")


@pytest.mark.parametrize(
    "levels",
    [[], [""], ["a", ""], ["a\x1fb"], ["tab\t"], ["nul\0"], ["a" * 1025], ["ä" * 513], "text", None],
)
def test_a_name_that_cannot_be_is_refused(writer: httpx.Client, levels: object) -> None:
    wire.refused(writer.post("/namespaces", json={"namespace": levels}), 400, "BadRequestException")


def test_a_body_that_is_not_json_is_refused(writer: httpx.Client) -> None:
    answer = writer.post("/namespaces", content="{", headers={"Content-Type": "application/json"})
    wire.refused(answer, 400, "BadRequestException")


@pytest.mark.parametrize("name", ["a/b", "a.b", "a b", "ä", "100%", "%2F", "a?b#c"])
def test_a_name_may_hold_any_sign(writer: httpx.Client, namespace: str, name: str) -> None:
    assert _create(writer, namespace, name).status_code == 200
    listed = writer.get("/namespaces", params={"parent": namespace}).json()["namespaces"]
    assert listed == [[namespace, name]]
    from urllib.parse import quote

    loaded = writer.get(f"/namespaces/{namespace}%1F{quote(name, safe='')}")
    assert loaded.json()["namespace"] == [namespace, name]


def test_children_are_listed_below_their_parent_only(writer: httpx.Client, namespace: str) -> None:
    _create(writer, namespace, "a")
    _create(writer, namespace, "a", "deep")
    assert [namespace] in writer.get("/namespaces").json()["namespaces"]
    assert writer.get("/namespaces", params={"parent": namespace}).json()["namespaces"] == [[namespace, "a"]]
    missing = writer.get("/namespaces", params={"parent": "nowhere"})
    wire.refused(missing, 404, "NoSuchNamespaceException")


def test_pages_list_every_name_once(writer: httpx.Client, namespace: str) -> None:
    for number in range(7):
        _create(writer, namespace, f"c{number}")
    seen, token = [], ""
    while token is not None:
        page = writer.get("/namespaces", params={"parent": namespace, "pageSize": 3, "pageToken": token}).json()
        assert len(page["namespaces"]) <= 3
        seen += [levels[-1] for levels in page["namespaces"]]
        token = page["next-page-token"]
    assert seen == [f"c{number}" for number in range(7)]


def test_a_page_token_of_somebody_else_is_refused(writer: httpx.Client) -> None:
    for query in ({"pageToken": "§"}, {"pageSize": 0}, {"pageSize": "many"}):
        wire.refused(writer.get("/namespaces", params=query), 400, "BadRequestException")


def test_one_that_holds_something_is_not_dropped(writer: httpx.Client, namespace: str) -> None:
    _create(writer, namespace, "inner")
    wire.refused(writer.delete(f"/namespaces/{namespace}"), 409, "NamespaceNotEmptyException")
    writer.delete(f"/namespaces/{namespace}%1Finner")
    wire.create(writer, namespace)
    wire.refused(writer.delete(f"/namespaces/{namespace}"), 409, "NamespaceNotEmptyException")


def test_one_that_does_not_exist_is_refused(writer: httpx.Client) -> None:
    wire.refused(writer.get("/namespaces/nowhere"), 404, "NoSuchNamespaceException")
    wire.refused(writer.delete("/namespaces/nowhere"), 404, "NoSuchNamespaceException")
    wire.refused(writer.post("/namespaces/nowhere/properties", json={}), 404, "NoSuchNamespaceException")


def test_properties_are_set_removed_and_missed(writer: httpx.Client, namespace: str) -> None:
    path = f"/namespaces/{namespace}/properties"
    writer.post(path, json={"updates": {"a": "1", "b": "2"}})
    answer = writer.post(path, json={"removals": ["a", "x"], "updates": {"c": "3"}})
    assert answer.json() == {"updated": ["c"], "removed": ["a"], "missing": ["x"]}
    assert writer.get(f"/namespaces/{namespace}").json()["properties"] == {"b": "2", "c": "3"}


def test_a_key_to_remove_and_to_set_is_refused(writer: httpx.Client, namespace: str) -> None:
    answer = writer.post(f"/namespaces/{namespace}/properties", json={"removals": ["a"], "updates": {"a": "1"}})
    wire.refused(answer, 422, "UnprocessableEntityException")


def test_a_location_outside_the_warehouse_is_refused(writer: httpx.Client, namespace: str) -> None:
    wire.refused(_create(writer, namespace, "far", location="s3://lake-bucket/far"), 400, "BadRequestException")
    answer = writer.post(f"/namespaces/{namespace}/properties", json={"updates": {"location": "s3://other/x"}})
    wire.refused(answer, 400, "BadRequestException")


def test_a_reader_changes_nothing(reader: httpx.Client, writer: httpx.Client, namespace: str) -> None:
    assert reader.get(f"/namespaces/{namespace}").status_code == 200
    for answer in (
        _create(reader, namespace, "mine"),
        reader.delete(f"/namespaces/{namespace}"),
        reader.post(f"/namespaces/{namespace}/properties", json={"updates": {"a": "1"}}),
    ):
        wire.refused(answer, 403, "ForbiddenException")
    assert writer.get(f"/namespaces/{namespace}").json()["properties"] == {}


def test_a_principal_sees_only_what_its_grant_names(lake: servers.Catalog, namespace: str) -> None:
    with lake.http(servers.OUTSIDER) as outsider:
        assert [namespace] not in outsider.get("/namespaces").json()["namespaces"]
        wire.refused(outsider.get(f"/namespaces/{namespace}"), 403, "ForbiddenException")
        wire.refused(outsider.get(f"/namespaces/{namespace}/tables"), 403, "ForbiddenException")
        assert _create(outsider, "elsewhere").status_code == 200
        assert _create(outsider, "elsewhere", "inner").status_code == 200
        assert outsider.get("/namespaces").json()["namespaces"] == [["elsewhere"]]
