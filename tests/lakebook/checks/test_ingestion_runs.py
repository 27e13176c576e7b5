"""Deciders about a run with a changed, a malformed or many files, and about its retry."""

from types import SimpleNamespace

import pytest

from lakebook.checks import runs

from .ingestion_runs import a_run, an_error

LANDED = SimpleNamespace(files=2, records=20, bytes=300)
CHANGED = an_error("s3://b/1.json", "changed_file", "s3://b/1.json was overwritten")
MALFORMED = an_error("s3://b/9.json", "malformed_record", "malformed record in line 51: bad (s3://b/9.json)")


PATHS = ["s3://b/1.json"]


def told(*errors, paths=PATHS, same_bytes=()):
    run = a_run(status="partial", errors=list(errors), files_processed=2, records_ingested=20)
    return runs.told_of_change(run, paths, LANDED, same_bytes=same_bytes)


def failed_alone(**changes):
    values = {"status": "partial", "errors": [MALFORMED], "files_processed": 2, "records_ingested": 20}
    return runs.failed_alone(a_run(**(values | changes)), "s3://b/9.json", 51, LANDED)


def test_a_changed_file_that_is_named_alone_passes():
    assert told(CHANGED).ok
    assert told(CHANGED | {"error_type": "OTHER", "message": "Changed since it was loaded"}).ok


def test_of_several_changed_files_each_must_be_named():
    other = CHANGED | {"file": "s3://b/2.json"}
    assert told(other, CHANGED, paths=["s3://b/1.json", "s3://b/2.json"]).ok
    assert told(CHANGED, paths=["s3://b/1.json", "s3://b/2.json"]).ok is False
    assert told(paths=[]).ok is False


def test_a_file_that_was_overwritten_with_the_same_bytes_may_be_named_or_not():
    assert told(CHANGED, same_bytes=["s3://b/2.json"]).ok
    assert told(CHANGED, CHANGED | {"file": "s3://b/2.json"}, same_bytes=["s3://b/2.json"]).ok
    assert told(CHANGED | {"file": "s3://b/2.json"}, same_bytes=["s3://b/2.json"]).ok is False


@pytest.mark.parametrize(
    "errors",
    [
        [],
        [CHANGED, CHANGED | {"file": "s3://b/2.json"}],
        [CHANGED | {"file": "s3://b/2.json"}],
        [CHANGED | {"error_type": "internal", "message": "oops"}],
    ],
)
def test_a_changed_file_that_is_not_named_or_not_alone_is_red(errors):
    assert told(*errors).ok is False


def test_a_changed_file_that_is_loaded_again_is_red():
    reloaded = a_run(status="partial", errors=[CHANGED], files_processed=3, records_ingested=30)
    assert runs.told_of_change(reloaded, PATHS, LANDED).ok is False
    assert runs.told_of_change(a_run(errors=[CHANGED], files_processed=1), PATHS).ok is False
    assert runs.told_of_change(a_run(errors=[CHANGED]), PATHS).ok


def test_a_run_that_left_files_rows_or_bytes_is_not_complete():
    whole = {"files_processed": 2, "records_ingested": 20, "bytes_read": 300}
    assert runs.complete(a_run(**whole), LANDED).ok
    for less in ({"files_processed": 1}, {"records_ingested": 19}, {"bytes_read": 299}, {"status": "partial"}):
        assert runs.complete(a_run(**(whole | less)), LANDED).ok is False


def test_too_few_files_or_records_for_a_limit_decide_nothing_but_a_loss():
    whole = {"files_processed": 2, "records_ingested": 20, "bytes_read": 300}
    assert runs.complete(a_run(**whole), LANDED, at_least_files=2, at_least_records=20).ok
    for limit in ({"at_least_files": 3}, {"at_least_records": 21}):
        assert runs.complete(a_run(**whole), LANDED, **limit).ok is None
        assert runs.complete(a_run(), LANDED, **limit).ok is False


def test_a_malformed_file_that_is_named_with_its_line_passes():
    assert failed_alone().ok


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "success"},
        {"status": "failed", "files_processed": 0, "records_ingested": 0},
        {"errors": []},
        {"errors": [MALFORMED | {"message": "malformed record in line 510"}]},
        {"errors": [MALFORMED | {"message": "malformed record"}]},
        {"errors": [MALFORMED | {"file": "s3://b/1.json"}]},
        {"errors": [MALFORMED, MALFORMED | {"file": "s3://b/1.json"}]},
        {"records_ingested": 70},
    ],
)
def test_a_malformed_file_that_is_not_named_or_takes_others_along_is_red(changes):
    assert failed_alone(**changes).ok is False


@pytest.mark.parametrize(
    ("changes", "ok"),
    [
        ({}, True),
        ({"id": "failed"}, False),
        ({"trigger": "manual"}, False),
        ({"status": "partial"}, False),
        ({"files_processed": 3}, False),
        ({"records_ingested": 0}, False),
        ({"errors": [MALFORMED]}, False),
    ],
)
def test_a_retry_is_a_new_run_of_just_what_was_mended(changes, ok):
    values = {"id": "again", "trigger": "retry", "files_processed": 2, "records_ingested": 20}
    assert runs.retried(a_run(**(values | changes)), a_run(id="failed"), LANDED).ok is ok
