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
        {"compute_monthly": 0.0999, "total_monthly": 0.103523},
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


@pytest.mark.parametrize(
    ("frequency", "runs", "stated"), [("weekly", 52 / 12, 4.33), ("daily", 365 / 12, 30.4), ("hourly", 730.5, 730.5)]
)
def test_a_month_may_have_a_broken_number_of_runs(frequency, runs, stated):
    a_run = 2.1 / 3600 * 0.2
    month = {"compute_per_run": a_run, "compute_monthly": a_run * runs, "total_monthly": a_run * runs + 0.003623}
    assert cost(frequency, **month).ok
    assert cost(frequency, **month, breakdown_details={"runs_per_month": runs}).ok
    assert cost(frequency, **month, breakdown_details={"runs_per_month": stated}).ok
    assert cost(frequency, **month, breakdown_details={"runs_per_month": stated * 1.1}).ok is False


ROUNDED = {
    "compute_per_run": 0.0021,
    "compute_monthly": 1.53,
    "storage_monthly": 0.0,
    "discovery_monthly": 0.004,
    "total_monthly": 1.53,
}


def test_rounding_to_the_stated_digits_is_no_error():
    assert cost(**ROUNDED, breakdown_details={"runs_per_month": 720}).ok
    assert cost(**ROUNDED, breakdown_details={"runs_per_month": 672}).ok is False


def test_amounts_that_are_rounded_too_coarsely_prove_nothing_but_what_is_surely_wrong():
    coarse = ROUNDED | {"compute_per_run": 0.002}
    assert cost(**coarse).ok is None
    assert cost(**coarse, breakdown_details={"runs_per_month": 720}).ok is None
    assert cost(**coarse, breakdown_details={"runs_per_month": 30}).ok is False
    assert cost(**coarse | {"total_monthly": 1.6}).ok is False
    assert cost("daily", **coarse).ok is False


def test_a_run_that_costs_nothing_proves_nothing():
    assert cost(**dict.fromkeys(COSTS, 0)).ok is None
    assert cost(compute_monthly=float("nan")).ok is False
    assert preview.adds_up(Answer(500, "oops", "POST /"), frequency=None).ok is False
