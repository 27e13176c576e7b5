"""Deciders about the delegation header."""

import pytest

from lakebook.checks import delegation
from lakebook.lake.http import Answer

KEYS = {"s3.access-key-id": "ASIA-1", "s3.secret-access-key": "x", "s3.session-token": "y"}
NOTHING = {"config": {"s3.endpoint": "http://x"}}
CREDENTIALS = {"config": KEYS, "storage-credentials": [{"prefix": "s3://b/t/", "config": KEYS}]}
SIGNING = {"config": {"s3.remote-signing-enabled": "true", "s3.signer.uri": "http://x"}}
BOTH = {"config": KEYS | SIGNING["config"]}
GOOD = {"absent": NOTHING, "empty": NOTHING, "vended": CREDENTIALS, "signing": NOTHING, "both": CREDENTIALS}


def decided(*, vends=True, signs=False, status=200, **changes):
    bodies = GOOD | changes
    answers = {header: [Answer(status, body, "loadTable")] for header, body in bodies.items() if body is not None}
    return delegation.as_asked(answers, vends=vends, signs=signs)


def test_each_answer_with_what_was_asked_for_passes():
    assert decided().ok
    assert decided(signs=True, signing=SIGNING).ok
    assert decided(signs=True, signing=SIGNING, both=SIGNING).ok
    assert decided(vends=False, vended=NOTHING, both=NOTHING).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"absent": CREDENTIALS},
        {"empty": CREDENTIALS},
        {"vended": NOTHING},
        {"vended": BOTH},
        {"signing": CREDENTIALS},
        {"both": NOTHING},
        {"both": BOTH},
        {"absent": {"defaults": KEYS}},
        {"empty": SIGNING},
        {"signing": SIGNING},  # a catalog that is not known to sign
        {"vends": False},
    ],
)
def test_more_or_less_than_was_asked_for_is_red(wrong):
    assert decided(**wrong).ok is False


def test_a_catalog_that_signs_undeclared_is_told_where_that_is_said():
    assert "profile: remote_signing" in decided(signing=SIGNING).todo
    assert "profile" not in decided(vended=NOTHING).todo


def test_an_answer_that_is_no_table_is_red():
    assert decided(status=500).ok is False


def test_a_header_that_was_not_sent_leaves_it_undecided():
    assert decided(both=None).ok is None
    assert delegation.as_asked({}, vends=True, signs=True).ok is None


def test_signing_that_is_switched_off_is_none():
    assert delegation.given(Answer(200, {"config": {"s3.remote-signing-enabled": "false"}}, "")) == "nothing"
