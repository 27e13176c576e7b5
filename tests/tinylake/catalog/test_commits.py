"""Commits over the wire: what they require, change and refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import catalog_wire as wire
import pytest

if TYPE_CHECKING:
    import httpx
    import servers

WIDER = {
    "type": "struct",
    "schema-id": 1,
    "fields": [*wire.SCHEMA["fields"], {"id": 2, "name": "v", "type": "string", "required": False}],
}
ADD_SCHEMA = [{"action": "add-schema", "schema": WIDER}, {"action": "set-current-schema", "schema-id": -1}]


@pytest.fixture
def table(writer: httpx.Client, namespace: str) -> dict[str, Any]:
    return wire.create(writer, namespace)


def _ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_commit_writes_the_next_file_and_logs_the_last(
    writer: httpx.Client, namespace: str, table: dict[str, Any]
) -> None:
    answer = _ok(wire.commit(writer, namespace, "orders", wire.set_properties(a="1")))
    assert "/metadata/00001-" in answer["metadata-location"]
    assert answer["metadata"]["properties"] == {"a": "1"}
    assert [entry["metadata-file"] for entry in answer["metadata"]["metadata-log"]] == [table["metadata-location"]]
    assert writer.get(f"/namespaces/{namespace}/tables/orders").json()["metadata"] == answer["metadata"]


def test_a_commit_of_nothing_changes_nothing(writer: httpx.Client, namespace: str, table: dict[str, Any]) -> None:
    assert _ok(wire.commit(writer, namespace, "orders", []))["metadata-location"] == table["metadata-location"]


@pytest.mark.parametrize(
    "requirement",
    [
        {"type": "assert-table-uuid", "uuid": str(uuid4())},
        {"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": 5},
        {"type": "assert-current-schema-id", "current-schema-id": 5},
        {"type": "assert-last-assigned-field-id", "last-assigned-field-id": 5},
        {"type": "assert-last-assigned-partition-id", "last-assigned-partition-id": 5},
        {"type": "assert-default-spec-id", "default-spec-id": 5},
        {"type": "assert-default-sort-order-id", "default-sort-order-id": 5},
    ],
)
def test_a_requirement_that_does_not_hold_refuses_the_commit(
    writer: httpx.Client, namespace: str, table: dict[str, Any], requirement: dict[str, Any], store: servers.Moto
) -> None:
    answer = wire.commit(writer, namespace, "orders", wire.set_properties(a="1"), [requirement])
    assert "Requirement failed: " in wire.refused(answer, 409, "CommitFailedException")
    assert len(store.keys(f"warehouse/{namespace}/orders/")) == 1


def test_requirements_that_hold_let_it_pass(writer: httpx.Client, namespace: str, table: dict[str, Any]) -> None:
    uuid = {"type": "assert-table-uuid", "uuid": table["metadata"]["table-uuid"]}
    _ok(wire.commit(writer, namespace, "orders", wire.snapshot(1, 1), [uuid, *wire.main_is(None)]))
    _ok(wire.commit(writer, namespace, "orders", wire.snapshot(2, 2, parent=1), [uuid, *wire.main_is(1)]))
    late = wire.commit(writer, namespace, "orders", wire.snapshot(3, 3, parent=1), [uuid, *wire.main_is(1)])
    wire.refused(late, 409, "CommitFailedException")


@pytest.mark.parametrize(
    ("updates", "requirements"),
    [
        ([{"action": "paint-it-black"}], []),
        ([{"action": "add-schema"}], []),
        (wire.set_properties(a="1"), [{"type": "assert-weather"}]),
        ([{"action": "set-current-schema", "schema-id": -1}], []),
        ([{"action": "set-current-schema", "schema-id": 9}], []),
        ([{"action": "set-default-spec", "spec-id": 9}], []),
        ([{"action": "upgrade-format-version", "format-version": 1}], []),
        ([{"action": "assign-uuid", "uuid": str(uuid4())}], []),
        ([{"action": "set-location", "location": "s3://lake-bucket/elsewhere"}], []),
        ([{"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": 9}], []),
    ],
)
def test_an_update_that_cannot_be_is_refused(
    writer: httpx.Client,
    namespace: str,
    table: dict[str, Any],
    updates: list[dict[str, Any]],
    requirements: list[dict[str, Any]],
) -> None:
    wire.refused(wire.commit(writer, namespace, "orders", updates, requirements), 400, "BadRequestException")
    path = f"/namespaces/{namespace}/tables/orders"
    assert writer.get(path).json()["metadata-location"] == table["metadata-location"]


def test_a_table_that_is_not_there_cannot_be_changed(writer: httpx.Client, namespace: str) -> None:
    answer = wire.commit(writer, namespace, "nothing", wire.set_properties(a="1"))
    wire.refused(answer, 404, "NoSuchTableException")
    created = wire.commit(writer, "nowhere", "t", ADD_SCHEMA, [{"type": "assert-create"}])
    wire.refused(created, 404, "NoSuchNamespaceException")


def test_a_schema_is_added_without_last_column_id(writer: httpx.Client, namespace: str, table: dict[str, Any]) -> None:
    metadata = _ok(wire.commit(writer, namespace, "orders", ADD_SCHEMA))["metadata"]
    assert (metadata["current-schema-id"], metadata["last-column-id"]) == (1, 2)


@pytest.mark.parametrize("nested", [False, True], ids=["two columns", "a column and a field of a struct"])
def test_a_schema_that_gives_one_id_to_two_fields_is_refused(
    writer: httpx.Client, namespace: str, table: dict[str, Any], nested: bool
) -> None:
    taken = {"id": wire.SCHEMA["fields"][0]["id"], "name": "again", "type": "string", "required": False}
    inside = {"id": 9, "name": "inside", "type": {"type": "struct", "fields": [taken]}, "required": False}
    schema = {**WIDER, "fields": [*wire.SCHEMA["fields"], inside if nested else taken]}
    answer = wire.commit(writer, namespace, "orders", [{"action": "add-schema", "schema": schema}])
    assert answer.status_code == 400
    assert "belongs to one field" in answer.json()["error"]["message"]


def test_a_schema_that_is_there_keeps_its_id_and_a_taken_id_is_not_given_twice(
    writer: httpx.Client, namespace: str, table: dict[str, Any]
) -> None:
    _ok(wire.commit(writer, namespace, "orders", ADD_SCHEMA))
    back = [{"action": "add-schema", "schema": {**wire.SCHEMA, "schema-id": 9}}, ADD_SCHEMA[1]]
    metadata = _ok(wire.commit(writer, namespace, "orders", back))["metadata"]
    assert (metadata["current-schema-id"], len(metadata["schemas"])) == (0, 2)
    other = {**WIDER, "fields": [*WIDER["fields"], {"id": 3, "name": "w", "type": "int", "required": False}]}
    updates = [{"action": "add-schema", "schema": other}, {"action": "set-current-schema", "schema-id": 1}]
    metadata = _ok(wire.commit(writer, namespace, "orders", updates))["metadata"]
    assert (metadata["current-schema-id"], [one["schema-id"] for one in metadata["schemas"]]) == (2, [0, 1, 2])


def test_version_1_metadata_shows_its_current_schema(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace, "old", properties={"format-version": "1"})
    metadata = _ok(wire.commit(writer, namespace, "old", ADD_SCHEMA))["metadata"]
    assert len(metadata["schema"]["fields"]) == 2
    upgrade = [{"action": "upgrade-format-version", "format-version": 2}]
    upgraded = _ok(wire.commit(writer, namespace, "old", upgrade))["metadata"]
    assert (upgraded["format-version"], upgraded["last-sequence-number"]) == (2, 0)


def test_properties_are_removed_even_when_missing(writer: httpx.Client, namespace: str, table: dict[str, Any]) -> None:
    _ok(wire.commit(writer, namespace, "orders", wire.set_properties(a="1", b="2")))
    removal = [{"action": "remove-properties", "removals": ["a", "x"]}]
    assert _ok(wire.commit(writer, namespace, "orders", removal))["metadata"]["properties"] == {"b": "2"}


def test_a_snapshot_made_beside_another_is_to_be_made_anew(
    writer: httpx.Client, namespace: str, table: dict[str, Any]
) -> None:
    _ok(wire.commit(writer, namespace, "orders", wire.snapshot(1, 1)))
    _ok(wire.commit(writer, namespace, "orders", wire.snapshot(2, 2, parent=1)))
    stale = wire.snapshot(3, 2, parent=1)
    stale[1]["ref-name"] = "audit"
    wire.refused(wire.commit(writer, namespace, "orders", stale), 409, "CommitFailedException")


def test_the_log_of_metadata_is_cut_and_old_files_deleted_where_that_is_asked(
    writer: httpx.Client, namespace: str, table: dict[str, Any], store: servers.Moto
) -> None:
    limits = {"write.metadata.previous-versions-max": "2", "write.metadata.delete-after-commit.enabled": "true"}
    _ok(wire.commit(writer, namespace, "orders", wire.set_properties(**limits)))
    for number in range(5):
        last = _ok(wire.commit(writer, namespace, "orders", wire.set_properties(n=str(number))))
    assert len(last["metadata"]["metadata-log"]) == 2
    assert len(store.keys(f"warehouse/{namespace}/orders/metadata/")) == 3


def test_a_table_moves_within_the_warehouse_but_not_into_another(
    writer: httpx.Client, namespace: str, table: dict[str, Any]
) -> None:
    other = wire.create(writer, namespace, "other")["metadata"]["location"]
    into = [{"action": "set-location", "location": f"{other}/inside"}]
    wire.refused(wire.commit(writer, namespace, "orders", into), 400, "BadRequestException")
    free = [{"action": "set-location", "location": f"{other}3"}]
    moved = _ok(wire.commit(writer, namespace, "orders", free))
    assert moved["metadata"]["location"] == f"{other}3"
    assert moved["metadata-location"].startswith(f"{other}3/metadata/00001-")
