"""Deciders about schemas."""

from dataclasses import replace

from lakebook.checks import schema
from lakebook.lake.table import TableVersion

OLD = {1: "id", 2: "value"}
NEW = {**OLD, 3: "metadata", 4: "metadata.browser"}
BEFORE = TableVersion("u-1", ((11, "append"), (10, "append")), OLD, (OLD,), 2)
AFTER = TableVersion("u-1", ((12, "append"), *BEFORE.lineage), NEW, (OLD, NEW), 4)
ADDED = ["metadata", "metadata.browser"]


def test_other_columns_or_types_are_red():
    expected = {"id": "long", "value": "double"}
    assert schema.columns({"value": "double", "id": "long"}, expected).ok
    assert schema.columns({"id": "int", "value": "double"}, expected).ok is False
    assert schema.columns({**expected, "_file": "string"}, expected).ok is False
    assert schema.columns({"id": "long"}, expected).ok is False


def test_columns_added_in_place_pass():
    assert schema.columns_added(BEFORE, AFTER, new=ADDED).ok


def test_a_table_made_anew_is_red():
    assert schema.columns_added(BEFORE, replace(AFTER, uuid="u-2"), new=ADDED).ok is False


def test_lost_history_is_red():
    assert schema.columns_added(BEFORE, replace(AFTER, lineage=((12, "append"),)), new=ADDED).ok is False


def test_rows_written_again_are_red_though_the_history_goes_on():
    rewritten = replace(AFTER, lineage=((13, "overwrite"), *AFTER.lineage))
    assert schema.columns_added(BEFORE, rewritten, new=ADDED).ok is False


def test_an_old_field_under_another_id_is_red():
    moved = {1: "id", 5: "value", 3: "metadata", 4: "metadata.browser"}
    assert schema.columns_added(BEFORE, replace(AFTER, fields=moved), new=ADDED).ok is False


def test_a_column_too_many_or_a_nested_field_too_few_is_red():
    assert schema.columns_added(BEFORE, replace(AFTER, fields={**NEW, 5: "extra"}), new=ADDED).ok is False
    assert schema.columns_added(BEFORE, replace(AFTER, fields={**OLD, 3: "metadata"}), new=ADDED).ok is False


def test_an_id_with_two_meanings_is_red():
    assert schema.ids_never_reused(AFTER).ok
    assert schema.ids_never_reused(replace(AFTER, schemas=(OLD, {1: "id", 2: "region"}))).ok is False


def test_a_field_that_came_back_under_its_old_id_is_red():
    again = replace(AFTER, schemas=({1: "id", 2: "region"}, {1: "id"}, {1: "id", 2: "region"}))
    assert schema.ids_never_reused(again, again=["region"]).ok is False
    fresh = replace(AFTER, schemas=({1: "id", 2: "region"}, {1: "id"}, {1: "id", 3: "region"}))
    assert schema.ids_never_reused(fresh, again=["region"]).ok


def test_an_id_beyond_the_last_one_is_red():
    assert schema.ids_never_reused(replace(AFTER, last_column_id=3)).ok is False


def test_a_single_schema_proves_nothing():
    assert schema.ids_never_reused(BEFORE).ok is False
