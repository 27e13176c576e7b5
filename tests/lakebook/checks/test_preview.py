"""Deciders about previews and cost estimates."""

import json
from types import SimpleNamespace

import pyarrow as pa
import pytest

from lakebook.checks import preview
from lakebook.lake.http import Answer

COLUMNS = {"id": "long", "m": "struct<a: string, b: string>"}
ROWS = pa.Table.from_pylist([{"id": number, "m": {"a": "x", "b": "y"}} for number in range(100)])
LANDED = SimpleNamespace(files=2, records=100, rows=ROWS)
SEEN = {
    "schema": [
        {"name": "m", "data_type": "struct<b:string,a:string>", "nullable": True, "is_new": True},
        {"name": "id", "data_type": "bigint", "nullable": True, "is_new": False},
    ],
    "sample_data": [json.dumps({"id": 0, "m": {"a": "x", "b": "y"}})],
    "file_count": 2,
    "estimated_records": 104,
}
COSTS = {
    "compute_per_run": 0.000111,
    "compute_monthly": 0.07992,
    "storage_monthly": 0.000023,
    "discovery_monthly": 0.0036,
    "total_monthly": 0.083543,
}


def seen(status=200, **changes):
    answer = Answer(status, SEEN | changes, "POST /test")
    return preview.previewed(answer, LANDED, columns=COLUMNS, new=["m"])


def cost(frequency="hourly", **changes):
    return preview.adds_up(Answer(200, COSTS | changes, "POST /estimate-cost"), frequency=frequency)


def test_a_true_preview_passes_in_another_services_words_too():
    assert seen().ok
    assert seen(sample_data=[json.dumps({"id": 1, "m": {"b": "y", "a": "x"}, "later": None})]).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 400},
        {"schema": SEEN["schema"][:1]},
        {"schema": [SEEN["schema"][0] | {"data_type": "string"}, SEEN["schema"][1]]},
        {"schema": [SEEN["schema"][0], SEEN["schema"][1] | {"is_new": True}]},
        {"schema": None},
        {"sample_data": []},
        {"sample_data": SEEN["sample_data"] * 6},
        {"sample_data": ['{"id": 0, "m": null}']},
        {"sample_data": ["not json"]},
        {"sample_data": None},
        {"file_count": 3},
        {"estimated_records": 111},
        {"estimated_records": None},
    ],
)
def test_a_preview_that_is_not_of_these_files_is_red(wrong):
    assert seen(**wrong).ok is False


def test_an_estimate_that_adds_up_passes():
    assert cost().ok
    assert cost(breakdown_details={"runs_per_month": 720}).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_monthly": 0.079943},
        {"total_monthly": 0.083546},
        {"compute_monthly": 0.00333, "total_monthly": 0.006953},
        {"compute_monthly": 0.1, "total_monthly": 0.103623},
        {"breakdown_details": {"runs_per_month": 30}},
        {"storage_monthly": None},
        {"discovery_monthly": "0.0036"},
    ],
)
def test_an_estimate_that_does_not_add_up_is_red(wrong):
    assert cost(**wrong).ok is False


def test_the_frequency_decides_how_many_runs_a_month_has():
    assert cost("daily").ok is False
    assert cost("daily", compute_monthly=0.00333, total_monthly=0.006953).ok
    assert cost("weekly", compute_monthly=0.000444, total_monthly=0.004067).ok


def test_rounding_to_the_stated_digits_is_no_error():
    rounded = {"compute_per_run": 0.0001, "compute_monthly": 0.08, "storage_monthly": 0.0, "discovery_monthly": 0.004}
    assert cost(**rounded, total_monthly=0.08, breakdown_details={"runs_per_month": 720}).ok


def test_a_run_that_costs_nothing_proves_nothing():
    assert cost(**dict.fromkeys(COSTS, 0)).ok is None
    assert preview.adds_up(Answer(500, "oops", "POST /"), frequency=None).ok is False
