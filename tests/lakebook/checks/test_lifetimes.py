"""Deciders about time."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from lakebook.checks import lifetimes
from lakebook.lake.long_reader import Part, Try

AT = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = pa.table({"id": [1, 2, 3], "value": [1.5, None, 3.5]})


def enforced(*tries, lasting=0.05):
    made = [Try(began, began + lasting, outcome) for began, outcome in tries]
    return lifetimes.enforced(made, tolerance_seconds=0.5)


def test_taken_until_and_refused_from_the_stated_expiry_passes():
    assert enforced((-2, "allowed"), (-0.1, "refused"), (0.4, "allowed"), (1, "refused")).ok


@pytest.mark.parametrize(
    "wrong", [[(-2, "allowed"), (1, "allowed")], [(-2, "refused"), (1, "refused")], [(1, "allowed")], [(-2, "refused")]]
)
def test_too_late_or_too_early_is_red(wrong):
    assert enforced(*wrong).ok is False


@pytest.mark.parametrize(
    "little",
    [
        [],
        [(-2, "allowed")],
        [(1, "refused")],
        [(-0.2, "allowed"), (0.2, "refused")],
        [(-2, "allowed"), (1, "undecided")],
        [(-2, "undecided"), (1, "refused")],
    ],
)
def test_tries_on_one_side_only_or_without_an_answer_are_undecided(little):
    assert enforced(*little).ok is None


def test_a_try_that_was_under_way_at_the_expiry_proves_nothing():
    assert enforced((-2, "refused"), lasting=3).ok is None
    assert enforced((-2, "allowed"), (1, "refused"), lasting=1.4).ok
    assert enforced((-2, "allowed"), (-0.7, "refused"), (0.4, "allowed"), (1, "refused"), lasting=0.4).ok


def part(number, key_number, *, valid=True, first_valid=True, outcome="read"):
    return Part(f"s3://b/t/{number}.parquet", AT, key_number, valid, first_valid, outcome)


FIRST, LATE = part(1, 1), part(2, 2, first_valid=False)


def test_a_reader_that_renewed_and_read_every_row_passes():
    assert lifetimes.finished([FIRST, LATE], ROWS, ROWS).ok
    assert lifetimes.finished([FIRST, LATE], ROWS.take([2, 0, 1]).select(["value", "id"]), ROWS).ok


def test_a_reader_that_was_too_slow_for_its_first_credentials_may_never_have_used_them():
    assert lifetimes.finished([part(1, 2), part(2, 3, first_valid=False)], ROWS, ROWS).ok


@pytest.mark.parametrize(
    "late",
    [
        part(2, 1, first_valid=False, valid=False),
        part(2, 1, first_valid=False),
        part(2, 2, first_valid=False, valid=False),
        part(2, 2, first_valid=False, outcome="403 ExpiredToken"),
        part(2, 1, first_valid=False, valid=False, outcome="no new credentials: 404"),
    ],
)
def test_a_part_that_was_refused_or_read_with_what_was_over_is_red(late):
    assert lifetimes.finished([FIRST, late], ROWS, ROWS).ok is False


@pytest.mark.parametrize(
    "rows",
    [
        None,
        ROWS.slice(1),
        pa.concat_tables([ROWS, ROWS.slice(0, 1)]),
        ROWS.take([0, 1, 1]),
        ROWS.select(["id"]),
        pa.table({"id": [1, 2, 3], "value": [1.5, 0.0, 3.5]}),
    ],
)
def test_other_rows_are_red(rows):
    assert lifetimes.finished([FIRST, LATE], rows, ROWS).ok is False


def test_a_reader_that_outlived_nothing_is_undecided():
    assert lifetimes.finished([FIRST, part(2, 1)], ROWS, ROWS).ok is None


def test_no_part_at_all_is_red():
    assert lifetimes.finished([], None, ROWS).ok is False
