"""The decider about views, with one that is as it was given, and with texts that are old, lost, or another's."""

import pytest

from lakebook.checks import views
from lakebook.lake.http import Answer


def answer(*queries, current=None, uuid="u", status=200):
    versions = [
        {"version-id": number, "representations": [{"type": "sql", "sql": text, "dialect": "spark"}]}
        for number, text in enumerate(queries, 1)
    ]
    metadata = {"view-uuid": uuid, "current-version-id": current or len(queries), "versions": versions}
    return Answer(status, {"metadata": metadata}, "")


def test_the_newest_query_is_shown_and_old_ones_may_be_kept_or_not():
    for loaded in (answer("a", "b"), answer("b")):
        assert views.shows({"replaced": answer("a", "b"), "loaded": loaded}, ["a", "b"]).ok


@pytest.mark.parametrize(
    "wrong",
    [
        answer("a"),
        answer("a", "b", current=1),
        answer("a", "b", current=3),
        answer("a", "c"),
        answer("c", "b"),
        answer("a", "b", uuid="another"),
        answer("a", "b", status=404),
        Answer(200, None, ""),
        Answer(200, {"metadata": {}}, ""),
    ],
)
def test_another_text_or_another_view_is_red(wrong):
    assert views.shows({"replaced": answer("a", "b"), "loaded": wrong}, ["a", "b"]).ok is False


def test_no_answer_is_undecided():
    assert views.shows({}, ["a"]).ok is None


def test_what_an_answer_does_not_show_is_empty():
    assert (views.query(answer("a")), views.uuid(answer("a"))) == ("a", "u")
    assert views.query(Answer(404, {"error": {}}, "")) == views.uuid(Answer(406, None, "")) == ""
