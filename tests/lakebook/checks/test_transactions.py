"""The deciders about commits to several tables, with all, with none, and with every kind of half."""

from dataclasses import replace

import pytest

from lakebook.checks import transactions
from lakebook.lake.http import Answer
from lakebook.lake.table import TableVersion

OLD = TableVersion("u", ((1, "append"),), {1: "id"}, ({1: "id"},), 1)
NEW = replace(OLD, lineage=((2, "append"), *OLD.lineage))
BEFORE, AFTER = {"orders": OLD, "lines": OLD}, {"orders": NEW, "lines": NEW}
TAKEN = Answer(204, None, "POST /x")
HALVES = [
    BEFORE | {"orders": NEW},
    BEFORE | {"lines": NEW},
    AFTER | {"lines": replace(NEW, lineage=((3, "append"), *NEW.lineage))},
    AFTER | {"lines": replace(NEW, uuid="another")},
    AFTER | {"lines": replace(NEW, lineage=((2, "append"), (7, "append")))},
]


def refusal(status=409):
    return Answer(status, {"error": {"message": "no", "type": "CommitFailedException", "code": status}}, "POST /x")


def test_all_changed_is_done_and_none_changed_is_not():
    assert transactions.done(TAKEN, BEFORE, AFTER).ok
    assert transactions.not_done(refusal(), BEFORE, BEFORE, status=409).ok


@pytest.mark.parametrize("half", HALVES)
def test_every_half_is_red_whatever_was_answered(half):
    assert transactions.done(TAKEN, BEFORE, half).ok is False
    assert transactions.not_done(refusal(), BEFORE, half, status=409).ok is False


def test_an_answer_that_does_not_say_what_happened_is_red():
    assert transactions.done(refusal(), BEFORE, AFTER).ok is False
    assert transactions.done(TAKEN, BEFORE, BEFORE).ok is False
    for wrong in (TAKEN, refusal(500), Answer(409, {"detail": "no"}, "")):
        assert transactions.not_done(wrong, BEFORE, BEFORE, status=409).ok is False


def test_of_one_table_nothing_is_decided():
    assert transactions.done(TAKEN, {"orders": OLD}, {"orders": NEW}).ok is None
    assert transactions.not_done(refusal(), {"orders": OLD}, {"orders": OLD}, status=409).ok is None


def test_one_wins_and_every_table_has_its_rows():
    assert transactions.one_won({"a": TAKEN, "b": refusal()}, {"orders": {"a"}, "lines": {"a"}}).ok


@pytest.mark.parametrize(
    ("told", "holders"),
    [
        ({"a": TAKEN, "b": TAKEN}, {"orders": {"a"}, "lines": {"b"}}),
        ({"a": TAKEN, "b": TAKEN}, {"orders": {"a", "b"}, "lines": {"a", "b"}}),
        ({"a": TAKEN, "b": refusal()}, {"orders": {"a"}, "lines": {"a", "b"}}),
        ({"a": TAKEN, "b": refusal()}, {"orders": {"a"}, "lines": set()}),
        ({"a": TAKEN, "b": refusal()}, {"orders": {"b"}, "lines": {"b"}}),
        ({"a": refusal(), "b": refusal()}, {"orders": set(), "lines": set()}),
        ({"a": TAKEN, "b": refusal(500)}, {"orders": {"a"}, "lines": {"a"}}),
    ],
)
def test_two_winners_no_winner_and_mixed_tables_are_red(told, holders):
    assert transactions.one_won(told, holders).ok is False


def test_a_race_of_one_decides_nothing():
    assert transactions.one_won({"a": TAKEN}, {"orders": {"a"}, "lines": {"a"}}).ok is None
    assert transactions.one_won({"a": TAKEN, "b": refusal()}, {"orders": {"a"}}).ok is None


def test_a_table_made_anew_is_told_from_one_with_another_history():
    others = [replace(NEW, uuid="another"), replace(NEW, lineage=((2, "append"), (7, "append")))]
    found = [transactions.done(TAKEN, BEFORE, AFTER | {"lines": one}).got["lines"] for one in others]
    assert found == ["another table", "another history"]
