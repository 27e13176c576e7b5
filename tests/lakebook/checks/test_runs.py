"""Deciders about runs."""

from types import SimpleNamespace

import pytest

from lakebook.checks import runs
from lakebook.lake.http import Answer

from . import ingestion_runs

METRICS = {
    "files_processed": 3,
    "records_ingested": 30,
    "bytes_read": 900,
    "bytes_written": 500,
    "duration_seconds": 1.0,
    "error_count": 0,
}
LANDED = SimpleNamespace(files=3, records=30, bytes=900)


def a_run(**changes):
    return ingestion_runs.a_run(**({"metrics": METRICS} | changes))


def counted(**changes):
    return runs.counted(a_run(metrics=METRICS | changes), LANDED)


def an_ingestion(created, sent=None):
    return SimpleNamespace(created=created, sent=sent or {})


def test_a_draft_given_back_unchanged_passes():
    body = {"id": "i1", "status": "draft", "name": "n"}
    created = Answer(201, body, "POST /")
    assert runs.created(an_ingestion(created), Answer(200, dict(body), "GET /i1")).ok


@pytest.mark.parametrize(
    ("created", "got"),
    [
        (Answer(200, {"status": "draft"}, ""), {"status": "draft"}),
        (Answer(201, {"status": "active"}, ""), {"status": "active"}),
        (Answer(201, {"status": "draft", "name": "a"}, ""), {"status": "draft", "name": "b"}),
    ],
)
def test_another_status_or_a_changed_description_is_red(created, got):
    assert runs.created(an_ingestion(created), Answer(200, got, "")).ok is False


def test_a_draft_that_says_other_than_was_sent_is_red_and_named():
    body = {"status": "draft", "name": "other", "format": {"type": "json"}}
    created, got = Answer(201, body, "POST /"), Answer(200, body, "GET /i1")
    assert runs.created(an_ingestion(created, {"format": {"type": "json"}}), got).ok
    decision = runs.created(an_ingestion(created, {"name": "n", "format": {"type": "csv"}}), got)
    assert decision.ok is False
    assert decision.got["changed or lost of what was sent"] == ["name", "format.type"]


def test_a_description_that_cannot_be_got_is_red():
    body = {"status": "draft"}
    assert runs.created(an_ingestion(Answer(201, body, "")), Answer(404, body, "")).ok is False


def test_a_run_that_was_not_accepted_or_did_not_succeed_is_red():
    accepted = Answer(202, {"run_id": "r1"}, "POST /run")
    assert runs.accepted_and_succeeded(accepted, a_run()).ok
    assert runs.accepted_and_succeeded(accepted, a_run(status="partial")).ok is False
    assert runs.accepted_and_succeeded(Answer(200, {"run_id": "r1"}, ""), a_run()).ok is False
    assert runs.accepted_and_succeeded(Answer(202, {"run_id": "r2"}, ""), a_run()).ok is False


def test_metrics_equal_to_what_landed_pass():
    assert counted().ok


@pytest.mark.parametrize(
    "wrong", [{"files_processed": 2}, {"records_ingested": 31}, {"bytes_read": 899}, {"error_count": 1}]
)
def test_each_wrong_metric_is_red(wrong):
    assert counted(**wrong).ok is False


def test_a_run_without_its_times_or_with_errors_is_red():
    assert runs.counted(a_run(ended_at=None), LANDED).ok is False
    assert runs.counted(a_run(ended_at="2025-01-01T00:00:00Z"), LANDED).ok is False
    assert runs.counted(a_run(ended_at="soon"), LANDED).ok is False
    assert runs.counted(a_run(errors=[{"file": "x"}]), LANDED).ok is False


def test_times_are_compared_as_times_not_as_texts():
    half_a_second = a_run(started_at="2026-01-01T12:00:00Z", ended_at="2026-01-01T12:00:00.500000Z")
    assert runs.counted(half_a_second, LANDED).ok


def test_a_history_in_another_order_or_with_another_content_is_red():
    first, second = a_run(), a_run(id="r2")
    assert runs.in_history([second, first], second, second, earlier=[first]).ok
    assert runs.in_history([first, second], second, second, earlier=[first]).ok is False
    assert runs.in_history([second], second, second, earlier=[first]).ok is False
    assert runs.in_history([a_run(id="r2", status="failed"), first], second, second, earlier=[first]).ok is False
    assert runs.in_history([second, first], a_run(id="r2", status="failed"), second, earlier=[first]).ok is False


def test_a_difference_that_one_line_does_not_show_is_shown_whole():
    polled = a_run()
    decision = runs.in_history([a_run(trigger="schedule")], polled, polled)
    assert decision.ok is False
    assert "schedule" in str(decision.got)


def test_a_run_that_read_old_files_too_is_red():
    assert runs.only_new(a_run(), LANDED).ok
    assert runs.only_new(a_run(metrics=METRICS | {"files_processed": 4}), LANDED).ok is False


def test_a_run_that_did_not_succeed_says_why():
    error = ingestion_runs.an_error("s3://b/a.json", "commit_unknown", "no clear answer")
    found = (
        runs.only_new(a_run(status="failed", errors=[error]), LANDED),
        runs.complete(a_run(status="partial", errors=[error]), LANDED),
    )
    assert [(one.ok, one.got["errors"]) for one in found] == [(False, ["commit_unknown: no clear answer"])] * 2
    assert runs.only_new(a_run(errors=[error]), LANDED).ok


def test_an_idle_run_that_commits_or_processes_is_red():
    idle = a_run(metrics=METRICS | {"files_processed": 0})
    assert runs.did_nothing(idle, before=7, after=7).ok
    assert runs.did_nothing(idle, before=7, after=8).ok is False
    assert runs.did_nothing(a_run(), before=7, after=7).ok is False
    assert runs.did_nothing(idle, before=None, after=None).ok is False
