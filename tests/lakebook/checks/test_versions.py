"""Deciders about the versions of a schema."""

import pytest

from lakebook.checks import versions
from lakebook.lake.ingestion import Run

V1 = {"id": "long", "value": "float"}
V2 = {"id": "long", "value": "double", "region": "string"}
CHANGES = [("NEW_COLUMN", "region", None, "string"), ("TYPE_CHANGE", "value", "float", "double")]


def run(minute):
    metrics = {"files_processed": 1, "records_ingested": 1, "bytes_read": 1, "bytes_written": 1}
    metrics |= {"duration_seconds": 1.0, "error_count": 0}
    times = {"started_at": f"2026-01-01T00:{minute:02d}:00Z", "ended_at": f"2026-01-01T00:{minute:02d}:10Z"}
    return Run(
        id=f"r-{minute}", ingestion_id="i", status="success", trigger="manual", metrics=metrics, errors=[], **times
    )


STEPS = [versions.Step(run(1), ["a"], V1), versions.Step(run(2), ["b"], V2, CHANGES)]


def version(number, columns, changes, files, at):
    named = [dict(zip(("change_type", "column_name", "old_type", "new_type"), one, strict=True)) for one in changes]
    shown = [{"name": name, "data_type": kind, "nullable": True} for name, kind in columns.items()]
    times = {"detected_at": f"2026-01-01T00:{at}Z"}
    return {"version": number, "schema": shown, "changes": named, "affected_files": files, **times}


def listed(**changes):
    second = {"number": 2, "columns": V2, "changes": list(reversed(CHANGES)), "files": ["b"], "at": "02:11"} | changes
    return [version(1, V1, [], ["a"], "01:05"), version(**second)]


def test_what_happened_told_in_any_order_passes():
    assert versions.told(listed(), STEPS).ok


def test_they_may_be_listed_newest_first():
    assert versions.told(listed()[::-1], STEPS).ok
    assert versions.told(listed(files=["a"])[::-1], STEPS).ok is False


def test_versions_whose_numbers_are_in_the_wrong_order_are_red():
    first, second = listed()
    swapped = [first | {"version": 2}, second | {"version": 1}]
    assert versions.told(swapped, STEPS).ok is False
    assert versions.told([first, second | {"version": None}], STEPS).ok is False


def test_types_may_have_the_words_of_the_service():
    changes = [("NEW_COLUMN", "region", None, "text"), ("TYPE_CHANGE", "value", "real", "float64")]
    columns = {"id": "bigint", "value": "float64", "region": "varchar"}
    assert versions.told(listed(changes=changes, columns=columns), STEPS).ok


def test_what_the_first_version_calls_new_is_its_own_affair():
    first = version(1, V1, [("NEW_COLUMN", "id", None, "long")], ["a"], "01:05")
    assert versions.told([first, listed()[1]], STEPS).ok


@pytest.mark.parametrize(
    "change",
    [
        {"changes": CHANGES[:1]},
        {"changes": [*CHANGES, ("REMOVED_COLUMN", "id", "long", None)]},
        {"changes": [CHANGES[0], ("TYPE_CHANGE", "value", "double", "float")]},
        {"files": ["a", "b"]},
        {"files": []},
        {"columns": V1},
        {"number": 3},
        {"at": "01:59"},
    ],
)
def test_a_version_told_otherwise_is_red(change):
    assert versions.told(listed(**change), STEPS).ok is False


def test_a_version_too_few_or_dated_after_the_next_run_is_red():
    assert versions.told(listed()[:1], STEPS).ok is False
    late = version(1, V1, [], ["a"], "02:01")
    assert versions.told([late, listed()[1]], STEPS).ok is False
    undated = {**listed()[1], "detected_at": None}
    assert versions.told([listed()[0], undated], STEPS).ok is False


def test_without_a_change_there_is_nothing_to_tell():
    assert versions.told(listed()[:1], STEPS[:1]).ok is None


def test_each_version_alone_must_be_as_listed():
    assert versions.one_by_one(listed(), listed()).ok
    assert versions.one_by_one(listed(), listed(files=["a"])).ok is False
    assert versions.one_by_one(listed(), listed()[:1]).ok is False
    assert versions.one_by_one([], []).ok is False


def test_time_travel_must_show_the_columns_of_each_time():
    assert versions.shown_at([V1, V2], [V1, V2]).ok
    assert versions.shown_at([V2, V2], [V1, V2]).ok is False
    assert versions.shown_at([{**V1, "value": "double"}, V2], [V1, V2]).ok is False
    assert versions.shown_at([V1, V1], [V1, V1]).ok is None
