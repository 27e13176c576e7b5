"""Changes of a schema as clients try them: what becomes of each kind of answer."""

from dataclasses import dataclass

import pyarrow as pa
import pytest
from pyiceberg.exceptions import (
    BadRequestError,
    CommitFailedException,
    CommitStateUnknownException,
    ServerError,
    ValidationError,
)

from lakebook.lake import schema_changes
from lakebook.lake.schema_changes import Attempt

ROWS = pa.table({"id": [1, 2]})


@dataclass
class Handle:
    """A handle whose append ends in one way."""

    error: Exception | None = None
    rows: pa.Table | None = None

    def append(self, rows):
        if self.error:
            raise self.error
        self.rows = rows


def test_rows_that_were_appended_must_be_there():
    appended = schema_changes.append(Handle(), ROWS)
    assert (appended.outcome, appended.said, appended.rows) == ("done", "", ROWS)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CommitFailedException("409"), "conflict"),
        (BadRequestError("400"), "refused"),
        (ValidationError("no"), "refused"),
        (ValueError("no"), "refused"),
        (ServerError("500"), "failed"),
        (CommitStateUnknownException("504"), "failed"),
    ],
)
def test_each_kind_of_answer_has_an_outcome_of_its_own_and_no_rows(error, outcome):
    appended = schema_changes.append(Handle(error), ROWS)
    assert (appended.outcome, appended.rows.num_rows) == (outcome, 0)
    assert str(error) in appended.said


def test_what_nobody_expected_passes_through():
    with pytest.raises(KeyError):
        schema_changes.append(Handle(KeyError("id")), ROWS)


def test_rows_of_refused_appends_are_not_expected():
    done = schema_changes.append(Handle(), pa.table({"id": [3], "note": ["kept"]}))
    refused = schema_changes.append(Handle(CommitFailedException("409")), pa.table({"id": [4]}))
    assert schema_changes.with_appended(ROWS, [done, refused]).to_pylist() == [
        {"id": 1, "note": None},
        {"id": 2, "note": None},
        {"id": 3, "note": "kept"},
    ]


def test_attempts_are_shown_by_their_times_since_the_first():
    attempts = [Attempt(1, "add", "done", "", 100.5, 101.0), Attempt(2, "add", "conflict", "409", 100.0, 101.5)]
    shown = schema_changes.shown(attempts)
    assert shown["began"].tolist() == [0.5, 0.0]
    assert shown["ended"].tolist() == [1.0, 1.5]
    assert shown["outcome"].tolist() == ["done", "conflict"]
