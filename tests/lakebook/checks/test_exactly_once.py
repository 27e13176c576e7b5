"""The decider about rows after a fault."""

from dataclasses import replace

import pytest

from lakebook.checks import exactly_once
from lakebook.faults import COMMIT, Exchange, answer, delay, drop, kill
from lakebook.lake.table import Comparison

from .ingestion_runs import a_run

WHOLE = Comparison("n.t", "an engine", 1, expected_rows=30, got_rows=30, unique_keys=30)
NEXT, IDLE = a_run(files_processed=1), a_run(id="r2")
LOST = answer(COMMIT, 500)


def seen(fault, upstream, client, seconds=0.1):
    return Exchange(7, 0.0, "POST", "/v1/lake/namespaces/n/tables/t", upstream, client, fault.name, seconds)


def after(fault=LOST, exchanges=(), comparison=WHOLE, next_run=NEXT, idle_run=IDLE):
    exchanges = exchanges or [seen(LOST, 200, 500)]
    return exactly_once.after(fault, exchanges, comparison, next_run=next_run, idle_run=idle_run)


def test_every_row_once_after_a_fault_that_happened_passes():
    assert after().ok


@pytest.mark.parametrize(
    ("fault", "upstream", "client"),
    [
        (drop(COMMIT), 200, "dropped"),
        (drop(COMMIT), 200, "gone"),
        (drop(COMMIT, reached=False), None, "dropped"),
        (answer(COMMIT, 503), 200, 503),
        (answer(COMMIT, 503, reached=False), None, 503),
        (kill(COMMIT, print, when="before"), None, "gone"),
        (kill(COMMIT, print, when="after"), 200, "dropped"),
        (kill(COMMIT, print, when="answered"), 200, 200),
    ],
)
def test_each_fault_has_its_mark_in_the_record(fault, upstream, client):
    assert after(fault, [seen(fault, upstream, client)]).ok
    assert after(fault, [seen(fault, 409, client)]).ok is None
    assert after(fault, [seen(fault, upstream, 418)]).ok is None


def test_a_delay_must_have_lasted():
    late = delay(COMMIT, 1.0)
    assert after(late, [seen(late, 200, 200, seconds=1.1)]).ok
    assert after(late, [seen(late, 200, 200, seconds=0.9)]).ok is None


@pytest.mark.parametrize("exchanges", [[seen(drop(COMMIT), 200, "dropped")], [seen(LOST, 200, 500)] * 2])
def test_a_fault_that_did_not_happen_as_often_as_it_was_meant_decides_nothing(exchanges):
    assert after(LOST, exchanges).ok is None


@pytest.mark.parametrize(
    "comparison",
    [
        replace(WHOLE, got_rows=50, unique_keys=30, unexpected=({"id": 1},)),
        replace(WHOLE, got_rows=10, missing=({"id": 1},)),
        replace(WHOLE, got_rows=0, refusal="no such table"),
        replace(WHOLE, missing_columns=("id",)),
    ],
)
def test_rows_that_are_lost_or_repeated_are_red(comparison):
    assert after(comparison=comparison).ok is False
    assert after(comparison=comparison, exchanges=[seen(LOST, 409, 409)]).ok is False


def test_a_later_run_that_fails_or_loads_again_is_red():
    assert after(next_run=a_run(status="failed")).ok is False
    assert after(idle_run=a_run(status="failed")).ok is False
    assert after(idle_run=a_run(files_processed=1)).ok is False
