"""The deciders about raw answers, with answers that are right, and with each thing wrong that one can think of."""

import pytest

from lakebook.checks import answers
from lakebook.lake.http import Answer

BODY = {"namespace": ["a"], "properties": {"owner": "x", "added-by-server": "y"}}
WANTED = {"namespace": ["a"], "properties": {"owner": "x"}}


def an_error(status=404, kind="NoSuchTableException", **error):
    return Answer(status, {"error": {"message": "it is so", "type": kind, "code": status, **error}}, "GET /x")


def test_what_an_answer_says_beside_is_its_own_affair():
    assert answers.served({"load": (Answer(200, BODY, ""), 200, WANTED)}).ok


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(201, BODY, ""),
        Answer(200, BODY | {"namespace": ["b"]}, ""),
        Answer(200, BODY | {"properties": {"owner": "z"}}, ""),
        Answer(200, BODY | {"properties": {}}, ""),
        Answer(200, BODY | {"properties": None}, ""),
        Answer(200, None, ""),
        Answer(200, "<html>", ""),
        an_error(),
    ],
)
def test_another_status_or_value_is_red(wrong):
    assert answers.served({"load": (wrong, 200, WANTED)}).ok is False


def test_a_property_that_must_be_gone_is_red_while_it_is_there():
    assert answers.served({"load": (Answer(200, BODY, ""), 200, {"properties": {"owner": None}})}).ok is False
    assert answers.served({"load": (Answer(200, BODY, ""), 200, {"properties": {"other": None}})}).ok


def test_why_it_was_refused_is_shown():
    assert "it is so" in str(answers.served({"load": (an_error(), 200, WANTED)}).got)


def test_a_refusal_has_its_status_its_body_and_its_type():
    assert answers.refused({"load": (an_error(), 404, "NoSuchTableException"), "again": (an_error(409), 409, "")}).ok


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(200, BODY, ""),
        an_error(400),
        an_error(kind="NoSuchNamespaceException"),
        an_error(code=500),
        an_error(message=""),
        Answer(404, {"detail": "Not Found"}, ""),
        Answer(404, None, ""),
        Answer(404, "<html>", ""),
    ],
)
def test_another_refusal_is_red(wrong):
    assert answers.refused({"load": (wrong, 404, "NoSuchTableException")}).ok is False


def test_where_nothing_was_asked_nothing_is_decided():
    assert answers.served({}).ok is None
    assert answers.refused({}).ok is None


def test_the_names_of_a_listing_are_whole():
    assert answers.names(Answer(200, {"namespaces": [["a"], ["b", "c"]]}, "")) == [("a",), ("b", "c")]
    assert answers.names(Answer(200, {"identifiers": [{"namespace": ["a"], "name": "t"}]}, "")) == [("a", "t")]
    assert answers.names(an_error()) == answers.names(Answer(200, None, "")) == []
