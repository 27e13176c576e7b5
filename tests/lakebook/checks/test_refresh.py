"""Deciders about refreshes that are carried out, fail half-way, or come at a wrong moment."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lakebook.checks import refresh
from lakebook.lake.http import Answer
from lakebook.lake.ingestion import IngestionState, Run

STATE = IngestionState("u-1", 7, 30, ("r1",))
AFTER = IngestionState("u-2", 9, 30, ("r2", "r1"))
GONE = IngestionState(None, None, 0, ("r1",))
LANDED = SimpleNamespace(files=3, records=30, bytes=900)
NAMES = ("table_dropped", "processed_files_cleared", "run_triggered")


def entries(*statuses, names=NAMES, **further):
    said = {"timestamp": "2026-01-01T00:00:02Z", **further}
    return [{"operation": name, "status": status, **said} for name, status in zip(names, statuses, strict=True)]


DONE = {
    "status": "accepted",
    "mode": "full",
    "run_id": "r2",
    "operations": entries("success", "success", "success"),
    "impact": {"files_to_process": 3, "files_skipped": 0, "estimated_data_size_gb": 0.0000009},
}


def the_run(**changes):
    counts = {"files_processed": 3, "records_ingested": 30, "bytes_read": 900}
    metrics = {**counts, "bytes_written": 500, "duration_seconds": 1.0, "error_count": 0}
    values = {"id": "r2", "ingestion_id": "i1", "status": "success", "trigger": "refresh_full", "errors": []}
    times = {"started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:01Z"}
    return Run.model_validate({**values, **times, "metrics": metrics | changes.pop("metrics", {}), **changes})


def performed(*, after=AFTER, run=None, status_code=202, **changes):
    answer = Answer(status_code, DONE | changes, "POST /refresh")
    return refresh.performed(answer, "full", before=STATE, after=after, run=run or the_run())


def quiet(*, after=GONE, **changes):
    body = DONE | {"run_id": None, "operations": entries("success", "success", "skipped")} | changes
    return refresh.performed(Answer(202, body, ""), "full", before=STATE, after=after)


def test_a_refresh_that_says_what_it_did_passes_in_both_modes():
    assert performed().ok
    operations = entries("success", "success", names=(NAMES[0], NAMES[2]))
    run = the_run(trigger="refresh_new_only")
    answer = Answer(202, DONE | {"mode": "new_only", "operations": operations}, "")
    assert refresh.performed(answer, "new-only", before=STATE, after=AFTER, run=run).ok
    assert refresh.performed(answer, "full", before=STATE, after=AFTER, run=run).ok is False


@pytest.mark.parametrize(
    "changes",
    [
        {"status_code": 200},
        {"status": "partial_failure"},
        {"operations": []},
        {"operations": entries("success", "success", names=(NAMES[0], NAMES[2]))},
        {"operations": entries("success", "success", "success", names=(NAMES[1], NAMES[0], NAMES[2]))},
        {"operations": entries("success", "failed", "success")},
        {"operations": entries("success", "success", "skipped")},
        {"run_id": None},
        {"run_id": "r3"},
        {"run": the_run(trigger="manual")},
        {"after": replace(AFTER, table_uuid="u-1")},
        {"after": replace(AFTER, runs=("r1",))},
        {"after": replace(AFTER, runs=("r3", "r2", "r1"))},
        {"after": replace(AFTER, runs=("r2",))},
    ],
)
def test_each_untruth_of_a_refresh_is_red(changes):
    assert performed(**changes).ok is False


def test_a_second_refresh_may_skip_what_the_first_one_did():
    def again(again, *statuses):
        answer = Answer(202, DONE | {"operations": entries(*statuses)}, "")
        return refresh.performed(answer, "full", before=STATE, after=AFTER, run=the_run(), again=again).ok

    assert again(True, "skipped", "success", "success")
    assert again(True, "success", "success", "success")
    assert again(False, "skipped", "success", "success") is False
    assert again(True, "failed", "success", "success") is False
    assert again(True, "skipped", "success", "skipped") is False


def test_a_refresh_of_a_table_that_was_never_there_shows_nothing():
    answer = Answer(202, DONE, "")
    assert refresh.performed(answer, "full", before=GONE, after=AFTER, run=the_run()).ok is False


def test_without_a_run_the_table_is_gone_and_the_history_as_it_was():
    assert quiet().ok
    assert quiet(operations=entries("success", "success", names=NAMES[:2])).ok


@pytest.mark.parametrize(
    "changes",
    [
        {"run_id": "r2"},
        {"operations": entries("success", "success", "success")},
        {"operations": entries("success", "skipped", "skipped")},
        {"after": STATE},
        {"after": replace(GONE, runs=("r2", "r1"))},
        {"after": replace(AFTER, runs=("r1",))},
    ],
)
def test_a_run_that_nobody_asked_for_is_red(changes):
    assert quiet(**changes).ok is False


def test_a_run_that_processed_what_landed_passes():
    assert refresh.processed(the_run(), LANDED).ok
    assert refresh.processed(the_run(metrics={"files_processed": 0, "records_ingested": 0}), None).ok


@pytest.mark.parametrize(
    "changes", [{"status": "partial"}, {"metrics": {"files_processed": 2}}, {"metrics": {"records_ingested": 60}}]
)
def test_a_run_that_processed_something_else_is_red(changes):
    assert refresh.processed(the_run(**changes), LANDED).ok is False
    assert refresh.processed(the_run(**changes), None).ok is False


def foretold(run=None, **impact):
    answer = Answer(202, DONE | {"impact": DONE["impact"] | impact}, "")
    return refresh.foretold(answer, run or the_run(), process=LANDED, skip=None)


def test_an_impact_that_comes_true_passes():
    assert foretold().ok
    skipped = Answer(202, {"impact": {"files_to_process": 0, "files_skipped": 3, "estimated_data_size_gb": 0}}, "")
    assert foretold(estimated_data_size_gb=0.0).ok is None
    nothing = the_run(metrics={"files_processed": 0, "bytes_read": 0})
    assert refresh.foretold(skipped, nothing, process=None, skip=LANDED).ok


@pytest.mark.parametrize(
    "changes",
    [
        {"files_to_process": 2},
        {"files_skipped": 1},
        {"estimated_data_size_gb": 0.5},
        {"bytes_to_process": 1},
        {"run": the_run(metrics={"files_processed": 2})},
        {"run": the_run(metrics={"bytes_read": 600})},
    ],
)
def test_an_impact_that_is_wrong_or_does_not_come_true_is_red(changes):
    assert foretold(**changes).ok is False


def test_an_answer_without_an_impact_is_red():
    for body in ({"impact": None}, {}, "gone", None):
        assert refresh.foretold(Answer(202, body, ""), the_run(), process=LANDED, skip=None).ok is False


FAULT = {"error": "cannot read s3://b/", "error_code": "source_error"}
BROKEN = {
    "status": "partial_failure",
    "run_id": None,
    "operations": [*entries("success", "success", names=NAMES[:2]), {**entries("failed", names=NAMES[2:])[0], **FAULT}],
}


def told(*, failed="run_triggered", after=GONE, status_code=202, **changes):
    answer = Answer(status_code, BROKEN | changes, "POST /refresh/full")
    return refresh.failure_told(answer, "full", failed=failed, before=STATE, after=after).ok


def test_a_failure_that_is_told_passes_wherever_it_was():
    assert told()
    first = [{**entries("failed", names=NAMES[:1])[0], **FAULT}]
    assert told(failed="table_dropped", after=STATE, operations=first)
    assert told(failed="table_dropped", after=STATE, operations=first + entries("skipped", "skipped", names=NAMES[1:]))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "accepted"},
        {"status_code": 500},
        {"operations": []},
        {"operations": entries("success", "success", "failed")},
        {"operations": entries("success", "success", "failed", error="no source")},
        {"operations": entries("success", "success", "failed", error_code="source_error")},
        {"operations": entries("failed", "success", "success", **FAULT)},
        {"operations": entries("success", "success", "success")},
        {"operations": entries("success", "success", "success"), "status": "accepted"},
        {"run_id": "r2"},
        {"after": replace(GONE, runs=("r2", "r1"))},
    ],
)
def test_a_failure_that_is_not_told_is_red(changes):
    assert told(**changes) is False


def test_operations_that_go_on_after_a_failure_are_red():
    on = [{**entries("failed", names=NAMES[:1])[0], **FAULT}, *entries("success", "skipped", names=NAMES[1:])]
    assert told(failed="table_dropped", after=STATE, operations=on) is False


def test_a_fault_that_did_not_hit_the_refresh_decides_nothing():
    assert told(after=AFTER, **DONE) is None


def test_a_table_that_is_said_to_be_dropped_and_stands_is_red():
    assert told(failed="table_dropped", after=replace(STATE, runs=("r2", "r1")), **DONE) is False


def overlapping(answered, body, **run):
    return refresh.refused_or_waited(Answer(answered, body, "POST /refresh/full"), the_run(**run)).ok


def test_a_refresh_during_a_run_may_be_refused_or_wait():
    assert overlapping(409, {"detail": "busy with r2"})
    assert overlapping(202, DONE)


@pytest.mark.parametrize(
    ("answered", "body", "run"),
    [
        (409, None, {}),
        (404, {"detail": "unknown"}, {}),
        (500, {"detail": "broken"}, {}),
        (202, DONE | {"operations": []}, {}),
        (202, DONE, {"ended_at": "2026-01-01T00:00:03Z"}),
        (202, DONE, {"ended_at": None}),
        (202, DONE | {"operations": entries("success", names=NAMES[:1], timestamp=None)}, {}),
        (409, {"detail": "busy with r2"}, {"status": "failed"}),
    ],
)
def test_a_refresh_that_barges_in_or_a_run_that_suffers_is_red(answered, body, run):
    assert overlapping(answered, body, **run) is False


def test_an_unknown_ingestion_must_be_refused_by_its_id_every_time():
    refusal = Answer(404, {"detail": "ingestion 'i-9' does not exist"}, "")
    assert refresh.unknown_refused([refusal, replace(refusal, status=400)], "i-9").ok
    for wrong in (replace(refusal, status=202), replace(refusal, status=500), replace(refusal, body={"detail": "no"})):
        assert refresh.unknown_refused([refusal, wrong], "i-9").ok is False
    assert refresh.unknown_refused([], "i-9").ok is False
