"""The decider about secrets that can be read."""

import base64
import json
from urllib.parse import quote

import pytest

from lakebook.checks import exposure

KEY = 'se"cret/key+value'
PLACES = {"answer 1: GET /": "200 s3://bucket/data/", "log of a service": "run of ing-1"}
CONTROLS = {"answer": "s3://bucket/data/", "log": "ing-1"}


def test_secrets_that_stand_nowhere_pass():
    assert exposure.nowhere({"the key": KEY}, PLACES, CONTROLS).ok


@pytest.mark.parametrize(
    "written",
    [KEY, json.dumps(KEY), quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode()],
    ids=["plain", "json", "url", "base64"],
)
@pytest.mark.parametrize("place", PLACES)
def test_a_secret_in_any_place_and_form_is_red_and_told_by_its_name_alone(written, place):
    decision = exposure.nowhere({"the key": KEY}, PLACES | {place: f"{PLACES[place]} {written}"}, CONTROLS)
    assert decision.ok is False
    assert decision.got["secrets found"] == [f"the key in {place}"]
    assert KEY not in str(decision)


@pytest.mark.parametrize(
    ("places", "controls"),
    [
        (PLACES, {}),
        ({}, CONTROLS),
        (PLACES | {"log of a service": ""}, CONTROLS),
        (PLACES, CONTROLS | {"report": "namespace"}),
    ],
)
def test_a_search_that_does_not_find_what_must_be_there_decides_nothing(places, controls):
    assert exposure.nowhere({"the key": KEY}, places, controls).ok is None


def test_no_secret_to_search_for_decides_nothing():
    assert exposure.nowhere({"the key": ""}, PLACES, CONTROLS).ok is None
    assert exposure.nowhere({}, PLACES, CONTROLS).ok is None


def test_a_secret_that_was_found_is_red_whatever_else_was_not_seen():
    assert exposure.nowhere({"the key": KEY}, {"answer 1": KEY}, CONTROLS).ok is False
