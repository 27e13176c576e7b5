"""New fields, by policy; types that do not fit."""

from __future__ import annotations

import pytest
from autoloader_service import Autoloader, Place, events, evolved

NEW = {"region": None, "metadata": None}


def padded(first: int, count: int) -> list[dict[str, object]]:
    return [{**row, **NEW} for row in events(first, count)]


def loaded(service: Autoloader, place: Place, **changes: object) -> str:
    """An ingestion that has loaded ten rows of the base schema."""
    place.put("a.json", events(0, 10))
    ingestion = service.create(place, **changes)
    assert service.run(ingestion)["status"] == "success"
    return ingestion


def test_new_fields_become_columns_of_the_same_table(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    before = service.lake.table(place.table)
    place.put("b.json", evolved(10, 10))
    run = service.run(ingestion)
    assert (run["status"], run["metrics"]["files_processed"]) == ("success", 1)
    after = service.lake.table(place.table)
    assert after.metadata.table_uuid == before.metadata.table_uuid
    assert place.snapshots()[:1] == [entry.snapshot_id for entry in before.metadata.snapshots]
    assert place.rows() == padded(0, 10) + evolved(10, 10)
    for field in before.schema().fields:
        assert after.schema().find_field(field.field_id) == field


def test_nested_fields_are_added_in_place(service: Autoloader, place: Place) -> None:
    place.put("a.json", [{"id": 1, "m": {"x": 1}, "l": [{"p": 1}]}])
    ingestion = service.create(place)
    service.run(ingestion)
    before = service.lake.table(place.table).schema().find_field("m.x")
    place.put("b.json", [{"id": 2, "m": {"x": 2, "y": {"z": "new"}}, "l": [{"p": 2, "q": 3}]}])
    assert service.run(ingestion)["status"] == "success"
    assert service.lake.table(place.table).schema().find_field("m.x") == before
    assert place.rows() == [
        {"id": 1, "m": {"x": 1, "y": None}, "l": [{"p": 1, "q": None}]},
        {"id": 2, "m": {"x": 2, "y": {"z": "new"}}, "l": [{"p": 2, "q": 3}]},
    ]
    changes = service.http.get(f"/{ingestion}/schema-versions/2").json()["changes"]
    assert {change["column_name"] for change in changes} == {"m.y", "l.q"}


@pytest.mark.parametrize(
    "changes",
    [{"on_schema_change": "ignore"}, {"format": {"type": "json", "schema": {"evolution_enabled": False}}}],
    ids=["policy", "evolution off"],
)
def test_ignored_fields_load_without_a_column(service: Autoloader, place: Place, changes: dict[str, object]) -> None:
    ingestion = loaded(service, place, **changes)
    place.put("b.json", evolved(10, 10))
    assert service.run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 20)


def test_policy_fail_names_the_field_and_adds_no_snapshot(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place, on_schema_change="fail")
    before = place.snapshots()
    place.put("b.json", evolved(10, 10))
    run = service.run(ingestion)
    assert (run["status"], run["errors"][0]["error_type"]) == ("failed", "schema_changed")
    assert "region" in run["errors"][0]["message"]
    assert place.path("b.json") in run["errors"][0]["message"]
    assert (place.snapshots(), place.rows()) == (before, events(0, 10))


def test_sync_all_columns_adds_and_drops(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place, on_schema_change="sync_all_columns")
    newest = [{key: value for key, value in row.items() if key != "value"} for row in evolved(10, 5)]
    place.put("b.json", newest)
    assert service.run(ingestion)["status"] == "success"
    old = [{key: value for key, value in row.items() if key != "value"} for row in padded(0, 10)]
    assert place.rows() == old + newest
    kinds = {
        change["column_name"]: change["change_type"]
        for change in service.http.get(f"/{ingestion}/schema-versions/2").json()["changes"]
    }
    assert kinds == {"region": "NEW_COLUMN", "metadata": "NEW_COLUMN", "value": "REMOVED_COLUMN"}


@pytest.mark.parametrize(("value", "named"), [("many", "string"), (True, "boolean"), ({"x": 1}, "struct")])
def test_a_type_conflict_fails_the_file_with_both_types_and_changes_nothing(
    service: Autoloader, place: Place, value: object, named: str
) -> None:
    ingestion = loaded(service, place)
    before = place.snapshots()
    place.put("b.json", [{**row, "value": value} for row in events(10, 5)])
    run = service.run(ingestion)
    (error,) = run["errors"]
    assert (run["status"], error["error_type"], error["file"]) == ("failed", "type_conflict", place.path("b.json"))
    assert all(text in error["message"] for text in ("value", "double", named)), error
    assert (place.snapshots(), place.rows()) == (before, events(0, 10))


def test_floats_do_not_fit_a_long_column(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    place.put("b.json", [{**events(10, 1)[0], "id": 10.5}])
    place.put("c.json", events(11, 1))
    run = service.run(ingestion)
    assert (run["status"], run["errors"][0]["error_type"]) == ("partial", "type_conflict")
    assert all(text in run["errors"][0]["message"] for text in ("id", "long", "double"))
    assert place.rows() == events(0, 10) + events(11, 1)


def test_text_in_some_records_of_a_number_column_names_the_line(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    place.put("b.json", [*events(10, 2), {**events(12, 1)[0], "value": "many"}])
    (error,) = service.run(ingestion)["errors"]
    assert error["error_type"] == "type_conflict"
    assert all(text in error["message"] for text in ("value", "double", "string", "line 3")), error


def test_a_number_does_not_fit_a_string_column(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    place.put("b.json", [{**events(10, 1)[0], "user_id": 7}])
    (error,) = service.run(ingestion)["errors"]
    assert error["error_type"] == "type_conflict"
    assert all(text in error["message"] for text in ("user_id", "string", "long", "line 1")), error


def test_schema_versions_say_what_changed_and_by_which_files(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    place.put("b.json", evolved(10, 10))
    place.put("c.json", events(20, 10))
    service.run(ingestion)
    first, second = service.http.get(f"/{ingestion}/schema-versions").json()
    assert (first["version"], first["changes"], first["resolution_type"]) == (1, [], "initial")
    assert {column["name"] for column in second["schema"]} == set(evolved(0, 1)[0])
    assert second["changes"] == [
        {"change_type": "NEW_COLUMN", "column_name": "region", "old_type": None, "new_type": "string"},
        {"change_type": "NEW_COLUMN", "column_name": "metadata", "old_type": None, "new_type": "struct"},
    ]
    assert (second["affected_files"], second["resolution_type"]) == ([place.path("b.json")], "append_new_columns")
    assert service.http.get(f"/{ingestion}").json()["metadata"]["schema_version"] == 2
    assert service.http.get(f"/{ingestion}/schema-versions/3").status_code == 404


def test_a_column_of_nulls_waits_until_its_type_is_known(service: Autoloader, place: Place) -> None:
    place.put("a.json", [{"id": 1, "later": None}])
    ingestion = service.create(place)
    service.run(ingestion)
    assert place.rows() == [{"id": 1}]
    place.put("b.json", [{"id": 2, "later": "known"}, {"id": 3, "later": None}])
    service.run(ingestion)
    assert [row["later"] for row in place.rows()] == [None, "known", None]
