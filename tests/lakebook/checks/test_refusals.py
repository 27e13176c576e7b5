"""Deciders about requests that must be refused."""

import pytest

from lakebook.checks import refusals
from lakebook.lake.http import Answer


def an_answer(status, code=None, **error):
    body = {"error": {"message": "no", "type": "NotAuthorizedException", "code": code or status, **error}}
    return Answer(status, body, "GET /v1/config")


GOOD = {
    "good": [Answer(200, {}, "GET /v1/config"), Answer(204, None, "POST /x")],
    "none": [an_answer(401)],
    "wrong": [an_answer(401)],
    "expired": [an_answer(401)],
}


def test_refused_without_and_taken_with_a_good_token_passes():
    assert refusals.unauthenticated(GOOD).ok


@pytest.mark.parametrize("token", ["none", "wrong", "expired"])
@pytest.mark.parametrize(
    "wrong",
    [
        Answer(200, {}, ""),
        an_answer(403),
        an_answer(401, code=500),
        an_answer(401, message=""),
        Answer(401, {"detail": "Unauthorized"}, ""),
        Answer(401, None, ""),
        Answer(401, "<html>", ""),
    ],
)
def test_another_status_or_body_is_red(token, wrong):
    assert refusals.unauthenticated(GOOD | {token: [*GOOD[token], wrong]}).ok is False


def test_a_good_token_that_is_refused_is_red():
    assert refusals.unauthenticated(GOOD | {"good": [an_answer(401)]}).ok is False


@pytest.mark.parametrize("token", GOOD)
def test_a_token_that_was_not_tried_leaves_it_undecided_and_is_named(token):
    decision = refusals.unauthenticated({kind: answers for kind, answers in GOOD.items() if kind != token})
    assert decision.ok is None
    assert f"{token} token" in decision.got


def test_forbidden_is_403_and_nothing_else():
    assert refusals.forbidden([an_answer(403)]).ok
    for wrong in (an_answer(404), Answer(200, {}, ""), Answer(403, {"detail": "no"}, ""), an_answer(500)):
        assert refusals.forbidden([an_answer(403), wrong]).ok is False


def test_where_it_is_hidden_404_will_do():
    assert refusals.forbidden([an_answer(403), an_answer(404)], hidden=True).ok
    assert refusals.forbidden([an_answer(404), Answer(200, {}, "")], hidden=True).ok is False


def test_no_request_at_all_is_undecided():
    assert refusals.forbidden([]).ok is None
    assert refusals.unauthenticated({}).ok is None
