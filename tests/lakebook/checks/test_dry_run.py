"""Deciders about what a refresh would do, and about one that nobody confirmed."""

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


def test_a_size_of_which_only_zeros_are_left_decides_nothing_by_itself():
    coarse = BODY["impact"] | {"estimated_data_size_gb": 0.0}
    assert previews(impact=coarse).ok is None
    assert previews(impact=coarse | {"files_skipped": 1}).ok is False
    assert previews(impact=coarse, status_code=200).ok is False
    assert previews(impact=coarse | {"bytes_to_process": 900}).ok


def untouched(after=STATE, files=0, status="success", runs=("r2", "r1")):
    next_run = SimpleNamespace(id="r2", status=status, metrics=SimpleNamespace(files_processed=files))
    return refresh.untouched(STATE, after, next_run, [SimpleNamespace(id=one) for one in runs]).ok


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
    assert untouched()
    for moved in ({"snapshot_id": 8}, {"rows": 0}, {"runs": ("r2", "r1")}, {"table_uuid": None}):
        assert untouched(replace(STATE, **moved)) is False


def test_a_dry_run_that_forgot_the_files_is_red():
    assert untouched(files=3) is False
    assert untouched(status="failed") is False


@pytest.mark.parametrize("runs", [(), ("r1",), ("r3", "r2", "r1"), ("r2", "r3", "r1"), ("r2",)])
def test_a_run_that_was_set_off_unseen_is_red(runs):
    assert untouched(runs=runs) is False


def test_an_unconfirmed_refresh_must_be_refused_by_name_and_move_nothing():
    refusal = Answer(422, {"detail": "confirm must be true"}, "")
    assert refresh.refused(refusal, names="confirm", before=STATE, after=STATE).ok
    assert refresh.refused(Answer(202, {"confirm": 1}, ""), names="confirm", before=STATE, after=STATE).ok is False
    assert refresh.refused(Answer(422, {"detail": "no"}, ""), names="confirm", before=STATE, after=STATE).ok is False
    assert refresh.refused(refusal, names="confirm", before=STATE, after=replace(STATE, rows=0)).ok is False
