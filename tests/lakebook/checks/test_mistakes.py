"""Deciders about what a service says of a user's mistake."""

import pytest

from lakebook.checks import mistakes
from lakebook.lake.http import Answer

from .ingestion_runs import a_run, an_error

ERROR = an_error(None, "missing_bucket", "cannot read s3://no-such-bucket/data/ at http://127.0.0.1:1: NoSuchBucket")
INVALID = {"detail": [{"loc": ["body", "destination", "table"], "msg": "destination.table: Field required"}]}


def failed(rows=0, **changes):
    run = a_run(**({"status": "failed", "errors": [ERROR]} | changes))
    return mistakes.failed_for(run, cause="bucket", address="no-such-bucket", rows=rows)


def test_a_failed_run_that_names_cause_and_address_passes():
    assert failed().ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": 1},
        {"status": "success", "errors": []},
        {"status": "partial"},
        {"errors": []},
        {"files_processed": 1},
        {"errors": [ERROR | {"message": "cannot read the source"}]},
        {"errors": [ERROR | {"error_type": "internal", "message": "at s3://no-such-thing"}]},
        {"errors": [ERROR | {"error_type": "internal", "message": "at s3://no-such-bucket"}]},
    ],
)
def test_a_run_that_goes_on_or_does_not_say_why_is_red(wrong):
    assert failed(**wrong).ok is False


def test_the_cause_of_one_error_and_the_address_of_another_are_no_answer():
    errors = [ERROR | {"message": "bucket is wrong"}, ERROR | {"error_type": "internal", "message": "at no-such-place"}]
    assert mistakes.failed_for(a_run(status="failed", errors=errors), cause="bucket", address="no-such", rows=0).ok is (
        False
    )


def test_a_refusal_that_names_the_field_passes():
    assert mistakes.refused(Answer(422, INVALID, "POST /"), names="table").ok


@pytest.mark.parametrize(
    "body",
    [
        "write_mode must be append",
        {"detail": [{"loc": ["body", "destination", "write_mode"], "msg": "invalid", "input": {}}]},
        {"message": "destination.write_mode: overwrite is unknown"},
        {"error": {"message": "unknown write_mode", "code": 400}},
        {"errors": {"write_mode": ["is unknown"]}},
        {"errors": [{"field": "write_mode", "reason": "unknown"}]},
    ],
)
def test_services_name_a_field_in_different_places(body):
    assert mistakes.refused(Answer(422, body, "POST /"), names="write_mode").ok


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"msg": "invalid", "loc": [], "input": {"name": "n", "write_mode": "overwrite"}}]},
        {"detail": "invalid", "body": {"destination": {"write_mode": "overwrite"}}},
        {"errors": {"body": ["invalid"]}, "request": {"write_mode": "overwrite"}},
    ],
)
def test_an_answer_that_only_repeats_the_request_names_nothing(body):
    assert mistakes.refused(Answer(422, body, "POST /"), names="write_mode").ok is False


@pytest.mark.parametrize(
    ("status", "body", "names"),
    [
        (201, INVALID, "table"),
        (500, INVALID, "table"),
        (422, {"detail": "invalid request"}, "table"),
        (422, {"detail": "tables are nice"}, "table"),
        (404, {"detail": "no-such-ingestion-2"}, "no-such-ingestion"),
        (404, None, "no-such-ingestion"),
    ],
)
def test_a_request_that_is_taken_or_refused_without_the_field_is_red(status, body, names):
    assert mistakes.refused(Answer(status, body, "POST /"), names=names).ok is False
