"""Deciders about rows: each is shown a bad history, and must go red."""

from dataclasses import replace

from lakebook.checks import rows
from lakebook.lake.table import Comparison

SAME = Comparison("ns.events", "an engine", 7, expected_rows=3, got_rows=3, unique_keys=3)


def test_the_same_rows_pass():
    assert rows.same(SAME).ok


def test_a_missing_row_is_red_and_shown():
    decision = rows.same(replace(SAME, got_rows=2, missing=({"id": 2},)))
    assert decision.ok is False
    assert decision.got["missing"] == [{"id": 2}]


def test_a_row_in_place_of_another_is_red_though_the_count_is_right():
    changed = replace(SAME, missing=({"id": 2, "value": 1.5},), unexpected=({"id": 2, "value": 1.0},))
    assert rows.same(changed).ok is False


def test_a_row_too_many_is_red_though_none_is_missing():
    assert rows.same(replace(SAME, got_rows=4, unexpected=({"id": 1},))).ok is False


def test_a_missing_column_is_red_and_named():
    decision = rows.same(replace(SAME, missing_columns=("value",)))
    assert decision.ok is False
    assert "value" in str(decision.got)


def test_a_key_that_occurs_twice_is_red():
    assert rows.unique(SAME).ok
    assert rows.unique(replace(SAME, got_rows=4)).ok is False


def test_a_value_in_a_row_from_before_the_column_is_red():
    assert rows.all_null({"*": 3, "region": 0, "metadata.browser": 0}, rows=3).ok
    assert rows.all_null({"*": 3, "region": 1, "metadata.browser": 0}, rows=3).ok is False
    assert rows.all_null({"*": 3, "region": None, "metadata.browser": 0}, rows=3).ok is False


def test_fewer_or_no_rows_to_look_at_are_red_not_green():
    assert rows.all_null({"*": 2, "region": 0}, rows=3).ok is False
    assert rows.all_null({"*": 0, "region": 0}, rows=0).ok is False


def test_a_column_of_another_type_is_red_though_the_engine_finds_its_values_equal():
    decision = rows.same(replace(SAME, other_types=("version: double, expected string",)))
    assert decision.ok is False
    assert "version" in str(decision.got)


def test_a_reader_that_cannot_read_is_red_with_its_reason():
    decision = rows.same(replace(SAME, refusal="403 on a manifest"))
    assert decision.ok is False
    assert "403" in str(decision.got)


def test_an_empty_table_proves_nothing_about_its_keys():
    assert rows.unique(replace(SAME, got_rows=0, unique_keys=0)).ok is False


def test_rows_that_are_not_there_any_more_are_lost_and_a_reader_that_cannot_tell_is_red_too():
    assert rows.none_lost(SAME).ok
    decision = rows.none_lost(replace(SAME, got_rows=2, missing=({"id": 2},)))
    assert (decision.ok, decision.got) == (False, {"rows": 2, "lost": [{"id": 2}], "unexpected": 0})
    assert rows.none_lost(replace(SAME, refusal="403 on a manifest")).ok is False
    assert rows.none_lost(replace(SAME, got_rows=4, unexpected=({"id": 1},))).ok is False
