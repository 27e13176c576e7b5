"""Where a store enforces expiry, it is seen to, and a reader that outlives its credentials gets by with new ones."""

from dataclasses import replace
from pathlib import Path

import lakes
import pyarrow as pa
import pytest

from lakebook.checks import lifetimes
from lakebook.data import events
from lakebook.lake import long_reader

TOLERANCE_SECONDS = 0.5
BATCH = events(2, 5)


@pytest.fixture(scope="module")
def lake():
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(Path(__file__).parent))
        environment.setenv("LAKEBOOK__STORAGE__MODULE", "expiring_moto")
        with lakes.lent("expiry") as lent:
            yield lent


@pytest.fixture(scope="module")
def orders(lake):
    orders = lake.create("orders", BATCH.files[0].rows)
    lake.catalog.client(vended=False, keys=lake.own_keys()).load_table(orders.identifier).append(BATCH.files[1].rows)
    return orders


@pytest.fixture(scope="module")
def reader(lake, orders):
    """A reader that has read one of two files, and whose credentials are over."""
    brief = lake.another("catalog", credential_seconds=5).catalog
    brief.register(orders)
    reader = long_reader.open_table(brief, orders, lake.reach)
    reader.read(files=1)
    tries = reader.outlive(by_seconds=3)
    return reader, tries


def test_a_run_that_waits_no_longer_leaves_out_what_takes_longer_and_says_so(lake):
    waits = {"credential_seconds": 5, "longest_wait_seconds": 4}
    assert not long_reader.is_worth_the_wait(lake, **waits)
    reasons = {check.requirement: check.reason for check in lake.record.checks}
    assert reasons.keys() == {"VEND-08", "VEND-09"}
    assert all("last 5 s" in reason and "4 s at most" in reason for reason in reasons.values())
    assert long_reader.is_worth_the_wait(lake, **waits | {"longest_wait_seconds": 5})


def test_credentials_are_taken_until_their_stated_expiry_and_then_refused(reader):
    _, tries = reader
    assert lifetimes.enforced(tries, tolerance_seconds=TOLERANCE_SECONDS).ok


def test_an_expiry_that_is_stated_too_late_or_too_early_is_seen(reader):
    _, tries = reader
    for seconds in (-2, 2):
        moved = [replace(one, began=one.began + seconds, ended=one.ended + seconds) for one in tries]
        assert lifetimes.enforced(moved, tolerance_seconds=TOLERANCE_SECONDS).ok is False


def test_a_reader_that_renews_finishes(reader):
    reader, _ = reader
    reader.read()
    expected = pa.concat_tables([file.rows for file in BATCH])
    assert lifetimes.finished(reader.parts, reader.rows, expected).ok
