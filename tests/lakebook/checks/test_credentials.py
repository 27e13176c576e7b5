"""Deciders about credentials."""

from datetime import UTC, datetime

import pytest

from lakebook.checks import credentials
from lakebook.lake.access import Attempt
from lakebook.lake.http import Answer
from lakebook.lake.vended import Vended
from lakebook.s3 import Keys

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER_MS = int(NOW.timestamp() * 1000) + 60_000
GOOD = {"s3.access-key-id": "ASIA-1", "s3.session-token": "a-token", "s3.session-token-expires-at-ms": str(LATER_MS)}


def temporary(key="ASIA-vended", token="a-token", expires_at_ms=LATER_MS):
    stated = {"s3.access-key-id": key, "s3.session-token": token, "s3.session-token-expires-at-ms": expires_at_ms}
    sets = {"config": GOOD, "storage-credentials s3://b/t/": {name: value for name, value in stated.items() if value}}
    return credentials.temporary(Vended(Keys(key, "secret", token), "s3://b/t/", sets), ["AKIA-own"], now=NOW)


def attempts(*outcomes):
    return [Attempt("key", "get", f"s3://b/{place}", outcome, "403") for place, outcome in enumerate(outcomes)]


def test_temporary_credentials_pass():
    assert temporary().ok


@pytest.mark.parametrize(
    "wrong", [{"key": "AKIA-own"}, {"token": None}, {"expires_at_ms": None}, {"expires_at_ms": LATER_MS - 120_000}]
)
def test_the_catalogs_own_key_no_token_and_no_or_past_expiry_are_red(wrong):
    assert temporary(**wrong).ok is False


def test_a_good_set_of_credentials_does_not_hide_a_bad_one():
    sets = {"config": {"s3.access-key-id": "AKIA-own"}, "storage-credentials s3://b/t/": GOOD}
    vended = Vended(Keys("ASIA-1", "secret", "a-token"), "s3://b/t/", sets)
    assert credentials.temporary(vended, ["AKIA-own"], now=NOW).ok is False


def test_one_refused_operation_inside_is_red_and_shown():
    decision = credentials.all_allowed(attempts("allowed", "refused"))
    assert decision.ok is False
    assert "s3://b/1" in str(decision.got)


def test_one_allowed_operation_outside_is_red_and_shown():
    assert credentials.all_refused(attempts("refused", "refused")).ok
    decision = credentials.all_refused(attempts("refused", "allowed", "undecided"))
    assert decision.ok is False
    assert "s3://b/1" in str(decision.got)


def test_an_operation_that_failed_for_another_reason_is_undecided_not_green():
    assert credentials.all_refused(attempts("refused", "undecided")).ok is None


def test_no_attempt_at_all_is_undecided():
    assert credentials.all_refused([]).ok is None


def test_credentials_that_were_not_asked_for_are_red_wherever_they_stand():
    plain = {"config": {"s3.endpoint": "x"}, "metadata": {}}
    assert credentials.none_returned([Answer(200, plain, "")]).ok
    for leak in (
        {"config": {"s3.secret-access-key": "x"}},
        {"storage-credentials": [{"prefix": "s3://b/", "config": {"s3.session-token": "x"}}]},
        {"config": {"adls.sas-token.account": "x"}},
        {"defaults": {"s3.access-key-id": "x"}},
        {"metadata": {"properties": {"s3.secret-access-key": "x"}}},
    ):
        answers = [Answer(200, plain, "loadTable"), Answer(200, plain | leak, "another")]
        assert credentials.none_returned(answers).ok is False


def test_an_answer_that_is_no_table_is_red():
    assert credentials.none_returned([Answer(404, {"error": {}}, "")]).ok is False


def test_a_round_trip_with_a_failed_or_no_step_is_red():
    assert credentials.round_trip([("append", "done")]).ok
    assert credentials.round_trip([("append", "done"), ("read back", "AccessDenied")]).ok is False
    assert credentials.round_trip([]).ok is False


def test_refusals_beside_an_allowed_control_pass():
    assert credentials.refused_beside(attempts("refused"), attempts("allowed")).ok
    assert credentials.refused_beside(attempts("refused", "allowed"), attempts("allowed")).ok is False


@pytest.mark.parametrize("controls", [attempts("refused"), attempts("allowed", "undecided"), []])
def test_without_an_allowed_control_a_refusal_says_nothing(controls):
    assert credentials.refused_beside(attempts("refused"), controls).ok is None
    assert credentials.refused_beside(attempts("allowed"), controls).ok is False
