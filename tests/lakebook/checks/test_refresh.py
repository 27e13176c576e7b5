"""Deciders about refreshes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lakebook.checks import refresh
from lakebook.lake.http import Answer
from lakebook.lake.ingestion import IngestionState

STATE = IngestionState("u-1", 7, 30, ("r1",))
BODY = {
    "status": "dry_run",
    "run_id": None,
    "would_perform": ["a", "b", "c"],
    "next_steps": {"to_proceed": "...", "to_cancel": "..."},
    "impact": {"files_to_process": 3, "files_skipped": 0, "estimated_data_size_gb": 0.0000009},
}


def previews(**changes):
    answer = Answer(changes.pop("status_code", 202), BODY | changes, "POST /refresh/full")
    return refresh.previews(answer, operations=3, files=3, bytes_=900, skipped=0)


def test_a_size_that_is_rounded_to_the_digits_it_states_passes():
    assert previews(impact=BODY["impact"] | {"estimated_data_size_gb": 0.000001}).ok


def a_run(files=0, status="success"):
    return SimpleNamespace(status=status, metrics=SimpleNamespace(files_processed=files))


def test_a_true_preview_passes():
    assert previews().ok


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "accepted"},
        {"run_id": "r2"},
        {"would_perform": ["a"]},
        {"next_steps": {"to_proceed": "..."}},
        {"next_steps": None},
        {"impact": BODY["impact"] | {"files_to_process": 2}},
        {"impact": BODY["impact"] | {"files_skipped": 1}},
        {"impact": BODY["impact"] | {"estimated_data_size_gb": 0.0000011}},
        {"impact": BODY["impact"] | {"estimated_data_size_gb": None}},
        {"impact": BODY["impact"] | {"bytes_to_process": 901}},
        {"impact": None},
        {"status_code": 200},
    ],
)
def test_each_untruth_of_a_preview_is_red(changes):
    assert previews(**changes).ok is False


def test_a_dry_run_that_moved_something_is_red():
    assert refresh.untouched(STATE, STATE, a_run()).ok
    for moved in ({"snapshot_id": 8}, {"rows": 0}, {"runs": ("r2", "r1")}, {"table_uuid": None}):
        assert refresh.untouched(STATE, replace(STATE, **moved), a_run()).ok is False


def test_a_dry_run_that_forgot_the_files_is_red():
    assert refresh.untouched(STATE, STATE, a_run(files=3)).ok is False
    assert refresh.untouched(STATE, STATE, a_run(status="failed")).ok is False


def test_an_unconfirmed_refresh_must_be_refused_by_name_and_move_nothing():
    refusal = Answer(422, {"detail": "confirm must be true"}, "")
    assert refresh.refused(refusal, names="confirm", before=STATE, after=STATE).ok
    assert refresh.refused(Answer(202, {"confirm": 1}, ""), names="confirm", before=STATE, after=STATE).ok is False
    assert refresh.refused(Answer(422, {"detail": "no"}, ""), names="confirm", before=STATE, after=STATE).ok is False
    assert refresh.refused(refusal, names="confirm", before=STATE, after=replace(STATE, rows=0)).ok is False
