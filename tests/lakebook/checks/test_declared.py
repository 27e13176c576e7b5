"""The decider about what a catalog declares, with lists that promise too much, and ones that keep something back."""

import pytest

from lakebook.checks import declared
from lakebook.lake.http import Answer
from lakebook.lake.operations import Operation

LOAD = Operation("GET /t", lambda _: Answer(200, {}, ""), (200,), ("metadata.uuid",))
DROP = Operation("DELETE /t", lambda _: Answer(204, None, ""), (204,))
SERVED = {"GET /t": Answer(200, {"metadata": {"uuid": "u"}}, ""), "DELETE /t": Answer(204, None, "")}


def refusal(status=404):
    return Answer(status, {"error": {"message": "no", "type": "NotFoundException", "code": status}}, "")


def decided(*names, **changed):
    answers = SERVED | {f"{method} /t": answer for method, answer in changed.items()}
    return declared.as_declared(names, answers, (LOAD, DROP))


def test_what_is_declared_is_served_and_the_rest_refused():
    assert decided("GET /t", "DELETE /t").ok
    assert decided("GET /t", DELETE=refusal()).ok
    assert decided("GET /t", DELETE=Answer(405, None, "")).ok
    assert decided("GET /t", "DELETE /t", PATCH=refusal(405)).ok


@pytest.mark.parametrize(
    "wrong",
    [
        refusal(),
        refusal(500),
        Answer(204, None, ""),
        Answer(200, {}, ""),
        Answer(200, {"metadata": {}}, ""),
        Answer(200, {"metadata": "x"}, ""),
        Answer(200, None, ""),
    ],
)
def test_what_is_declared_and_not_served_as_specified_is_red(wrong):
    assert decided("GET /t", "DELETE /t", GET=wrong).ok is False


@pytest.mark.parametrize(
    "wrong", [Answer(204, None, ""), refusal(500), Answer(404, "<html>", ""), Answer(405, {"detail": "no"}, "")]
)
def test_what_is_not_declared_and_done_or_refused_in_another_way_is_red(wrong):
    assert decided("GET /t", DELETE=wrong).ok is False
    assert decided("GET /t", "DELETE /t", PATCH=wrong).ok is False


def test_501_is_a_clean_refusal():
    assert decided("GET /t", DELETE=refusal(501)).ok


def test_what_nobody_asked_is_told():
    assert "GET /x" in decided("GET /t", "DELETE /t", "GET /x").where


def test_an_empty_list_decides_nothing():
    assert decided().ok is None
