"""The decider about engines that read alike, with each way in which two of them may differ."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from lakebook.checks import engines
from lakebook.lake.engines import Reading, changed

COLUMNS = {"id": "long", "c": "string"}
AT = datetime(2026, 3, 29, 1, tzinfo=UTC)


def reading(value, kind="string", number=1):
    return Reading({"id": "long", "c": kind}, [{"id": number, "c": value}])


def same(one, other, **kinds):
    return engines.alike({"a": reading(other), "b": reading(one, **kinds)}, reading(other), writer="w").ok


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x", "x"),
        (float("nan"), float("nan")),
        (AT, AT.astimezone(timezone(timedelta(hours=2)))),
        ({"a": 1, "b": None}, {"b": None, "a": 1}),
        ([("k", 1), ("l", 2)], [("l", 2), ("k", 1)]),
        (Decimal("1.10"), Decimal("1.10")),
        ([], []),
        (None, None),
    ],
)
def test_what_is_the_same_is_alike(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x", "y"),
        (None, ""),
        (None, []),
        ([], [None]),
        ([1, 2], [2, 1]),
        (1, True),
        (1, 1.0),
        (Decimal("1.1"), Decimal("1.10")),
        (AT, AT + timedelta(microseconds=1)),
        (AT, AT.replace(tzinfo=None)),
        ({"a": 1}, {"a": 2}),
        ([("k", 1)], [("k", 2)]),
        (b"x", "x"),
        (0.1, 0.10000000149011612),
    ],
)
def test_what_differs_is_red(one, other):
    assert same(one, other) is False


def test_another_type_is_red_though_the_values_look_the_same():
    assert same("x", "x", kind="binary") is False


def test_rows_too_few_too_many_and_a_refusal_are_red():
    good = reading("x")
    for wrong in (
        Reading(COLUMNS, []),
        Reading(COLUMNS, good.rows * 2),
        Reading({}, [], "cannot"),
        reading("x", number=2),
    ):
        assert engines.alike({"a": good, "b": wrong}, good, writer="w").ok is False


def test_one_engine_or_no_row_decides_nothing():
    nothing = Reading(COLUMNS, [])
    assert engines.alike({"a": reading("x")}, reading("x"), writer="w").ok is None
    assert engines.alike({"a": nothing, "b": nothing}, nothing, writer="w").ok is None


def test_what_must_be_shown_after_a_change():
    assert changed(reading("x"), "c", {1: "y"}) == reading("y")
    assert changed(reading("x"), "c", {2: "y"}) == reading("x")
