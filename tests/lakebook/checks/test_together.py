"""Deciders about runs that were under way at the same moment."""

from types import SimpleNamespace

import pytest

from lakebook.checks import together
from lakebook.faults import Exchange

from .ingestion_runs import a_run, an_error

LANDED = SimpleNamespace(files=3, records=30)
ALL = {"files_processed": 3, "records_ingested": 30}


def test_two_runs_that_share_the_files_pass_however_they_do_it():
    assert together.each_file_once([a_run(**ALL), a_run(id="r2")], LANDED).ok
    one, two = {"files_processed": 1, "records_ingested": 10}, {"files_processed": 2, "records_ingested": 20}
    assert together.each_file_once([a_run(**one), a_run(id="r2", **two)], LANDED).ok


@pytest.mark.parametrize(
    "runs",
    [
        [],
        [a_run(**ALL)],
        [a_run(**ALL), a_run(id="r1")],
        [a_run(**ALL), a_run(id="r2", **ALL)],
        [a_run(), a_run(id="r2")],
        [a_run(**ALL), a_run(id="r2", status="failed")],
        [a_run(**ALL), a_run(id="r2", ingestion_id="i2")],
    ],
)
def test_runs_that_load_twice_or_not_at_all_or_fail_are_red(runs):
    assert together.each_file_once(runs, LANDED).ok is False


def test_different_ingestions_that_all_succeed_pass():
    runs = [a_run(ingestion_id=name, id=name, **ALL) for name in ("i1", "i2")]
    assert together.all_succeeded(runs, [LANDED, LANDED]).ok


@pytest.mark.parametrize(
    "other",
    [
        {"status": "failed", "errors": [an_error(None, "internal", "locked")]},
        {"status": "partial", **ALL},
        {"ingestion_id": "i1", **ALL},
        {"files_processed": 2, "records_ingested": 20},
    ],
)
def test_one_of_several_that_does_not_succeed_is_red(other):
    runs = [a_run(ingestion_id="i1", **ALL), a_run(**({"ingestion_id": "i2", "id": "r2"} | other))]
    assert together.all_succeeded(runs, [LANDED, LANDED]).ok is False


def test_one_run_alone_or_none_proves_nothing():
    assert together.all_succeeded([a_run(**ALL)], [LANDED]).ok is False
    assert together.all_succeeded([], []).ok is False


def an_exchange(upstream, fault):
    return Exchange(1, 0.0, "POST", "/v1/lake/namespaces/n/tables/t", upstream, upstream, fault, 0.1)


DONE, FAILED = SimpleNamespace(outcome="done"), SimpleNamespace(outcome="failed")
REFUSED = [an_exchange(200, ""), an_exchange(409, "held")]


def test_a_run_that_was_overtaken_and_succeeded_passes():
    assert together.overtaken_and_succeeded(a_run(**ALL), LANDED, DONE, REFUSED).ok


@pytest.mark.parametrize("seen", [[], [an_exchange(200, "held")], [an_exchange(409, "")]])
def test_a_race_that_did_not_happen_decides_nothing(seen):
    assert together.overtaken_and_succeeded(a_run(**ALL), LANDED, DONE, seen).ok is None


def test_an_append_that_was_not_done_overtook_nothing():
    assert together.overtaken_and_succeeded(a_run(**ALL), LANDED, FAILED, REFUSED).ok is None


@pytest.mark.parametrize("seen", [[], REFUSED])
def test_a_run_that_failed_is_red_whether_it_was_overtaken_or_not(seen):
    for run in (a_run(status="failed", **ALL), a_run()):
        assert together.overtaken_and_succeeded(run, LANDED, DONE, seen).ok is False
