"""How a decision becomes a verdict."""

import json

import pytest

from lakebook.known_failure import KnownFailure
from lakebook.lake.record import VARIABLE, Record
from lakebook.verdict import Decision, Verdict, worst

YES, NO, OPEN = Decision(True, 1, 1), Decision(False, 1, 2), Decision(None, 1, None)
KNOWN = KnownFailure(
    requirement="ING-04", kind="not yet", reason="rounds numbers", link="https://example.com/1", versions="1.0"
)


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "checks.jsonl"))
    return Record(frozenset({"vends"}), {"scoped_list": "no conditions"}, [KNOWN])


def test_a_decision_is_a_pass_a_fail_or_unknown(record):
    assert [record.add("ING-05", decision).verdict for decision in (YES, NO, OPEN)] == [
        Verdict.PASS,
        Verdict.FAIL,
        Verdict.UNKNOWN,
    ]
    assert len(record.red) == 2


def test_an_absent_capability_makes_a_requirement_not_applicable_with_its_reason(record):
    check = record.add("VEND-16", YES)
    assert check.verdict is Verdict.NOT_APPLICABLE
    assert "scoped_list: no conditions" in check.reason


def test_what_a_run_leaves_out_is_not_applicable_with_its_reason_from_then_on(record):
    assert record.leave_out("ING-05", "it takes a day").verdict is Verdict.NOT_APPLICABLE
    assert [record.add("ING-05", decision).reason for decision in (YES, NO)] == ["it takes a day"] * 2
    assert not record.red
    assert record.add("ING-06", NO).verdict is Verdict.FAIL


def test_a_known_failure_is_not_red_and_says_why(record):
    check = record.add("ING-04", NO)
    assert check.verdict is Verdict.KNOWN_FAILURE
    assert "rounds numbers" in check.reason
    assert not record.red


def test_a_known_failure_of_which_every_check_passes_is_red_at_the_end(record, tmp_path):
    assert [record.add("ING-04", YES).verdict for _ in range(2)] == [Verdict.PASS] * 2
    record.finish()
    (check,) = record.red
    assert check.verdict is Verdict.FAIL
    assert "take it out" in check.reason
    written, end = map(json.loads, (tmp_path / "checks.jsonl").read_text().splitlines()[-2:])
    assert (written["requirement"], written["verdict"], end) == ("ING-04", "fail", {"finished": 3})


@pytest.mark.parametrize("other", [NO, OPEN])
def test_a_known_failure_of_which_only_some_checks_pass_stays_listed(record, other):
    record.add("ING-04", YES)
    record.add("ING-04", other)
    record.finish()
    assert Verdict.FAIL not in [check.verdict for check in record.checks]
    assert len(record.checks) == 2


def test_a_known_failure_that_is_not_applicable_or_not_checked_stays_listed(record):
    record.known = [KNOWN.model_copy(update={"requirement": "VEND-16"}), KNOWN]
    record.add("VEND-16", YES)
    record.finish()
    assert not record.red


def test_a_known_failure_that_cannot_be_decided_is_still_unknown(record):
    assert record.add("ING-04", OPEN).verdict is Verdict.UNKNOWN


def test_every_check_is_written_down_at_once_and_the_end_too(record, tmp_path):
    record.add("ING-05", NO)
    lines = (tmp_path / "checks.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["verdict"] == "fail"
    record.finish()
    assert json.loads((tmp_path / "checks.jsonl").read_text().splitlines()[-1]) == {"finished": 1}


def test_the_worst_verdict_counts_and_none_is_unknown():
    assert worst([Verdict.PASS, Verdict.NOT_APPLICABLE]) is Verdict.PASS
    assert worst([Verdict.PASS, Verdict.KNOWN_FAILURE]) is Verdict.KNOWN_FAILURE
    assert worst([Verdict.UNKNOWN, Verdict.PASS]) is Verdict.UNKNOWN
    assert worst([Verdict.FAIL, Verdict.UNKNOWN]) is Verdict.FAIL
    assert worst([]) is Verdict.UNKNOWN


def test_a_known_failure_of_another_version_is_red_by_name_and_says_what_to_do():
    others = Record(frozenset(), {}, [KNOWN], {"sail": "2.0"})
    assert others.add("ING-04", NO).verdict is Verdict.FAIL
    others.finish()
    told = others.checks[-1]
    assert (told.verdict, told.got) == (Verdict.FAIL, "sail 2.0")
    assert "of another version than the profile's known failures say" in told.reason
    assert "remove it" in told.todo


def test_a_known_failure_of_the_version_that_runs_says_what_was_answered_and_how_to_see_it():
    more = KnownFailure(**{**KNOWN.model_dump(), "answer": "500 oops", "reproduction": "reproductions/oops.py"})
    check = Record(frozenset(), {}, [more], {"sail": "1.0"}).add("ING-04", NO)
    assert check.verdict is Verdict.KNOWN_FAILURE
    assert "it answered 500 oops; seen alone with reproductions/oops.py" in check.reason


@pytest.mark.parametrize(
    ("got", "verdict"),
    [
        ([{"who": "altered token"}, {"who": "altered token"}], Verdict.KNOWN_FAILURE),
        ([{"who": "altered token"}, {"who": "no token"}], Verdict.FAIL),
        ({"who": "no token"}, Verdict.FAIL),
        ({"who": "altered token"}, Verdict.KNOWN_FAILURE),
    ],
)
def test_what_is_got_otherwise_than_the_known_failure_says_is_red(got, verdict):
    narrow = KNOWN.model_copy(update={"got": '"who": "altered token"'})
    check = Record(frozenset(), {}, [narrow]).add("ING-04", Decision(False, [], got))
    assert check.verdict is verdict
    assert ("otherwise" in check.reason) is (verdict is Verdict.FAIL)


WHOLE = [["a", 1], ["b", 2]]


@pytest.mark.parametrize(("got", "explained"), [(WHOLE, True), (WHOLE[1:], False), ([*WHOLE, ["c", 3]], False)])
def test_a_pattern_for_a_list_from_end_to_end_tells_that_an_entry_is_missing(got, explained):
    assert KNOWN.model_copy(update={"got": r'^\[\["a", 1\], \["b", 2\]\]$'}).explains(got) is explained


def test_a_list_of_nothing_is_not_what_a_pattern_says_of_each_entry():
    assert not KNOWN.model_copy(update={"got": "^.a.$"}).explains([])
    assert KNOWN.explains([])


@pytest.mark.parametrize(
    ("expected", "got", "verdict"),
    [
        ({"rows": 5, "lost": 0}, {"rows": 5, "lost": 1}, Verdict.KNOWN_FAILURE),
        ({"rows": 5, "lost": 0}, {"rows": 4, "lost": 1}, Verdict.FAIL),
        ({"rows": 5, "missing": 0}, {"rows": 5, "lost": 1}, Verdict.FAIL),
        ({"rows": 5, "lost": 0}, [{"rows": 5, "lost": 1}, {"rows": 4, "lost": 1}], Verdict.FAIL),
        ({"rows": 5, "lost": 1}, {"rows": 5, "lost": 0}, Verdict.FAIL),
    ],
)
def test_what_a_check_demands_tells_which_one_a_known_failure_is_about(expected, got, verdict):
    patterns = {"expected": r'^\{"rows": (?P<all>\d+), "lost": 0\}$', "got": r'^\{"rows": (?P=all), "lost": 1\}$'}
    narrow = KnownFailure(**{**KNOWN.model_dump(), **patterns})
    assert Record(frozenset(), {}, [narrow]).add("ING-04", Decision(False, expected, got)).verdict is verdict


def test_of_two_known_failures_of_a_requirement_each_explains_its_own_and_the_one_that_nothing_shows_is_red():
    two = [KNOWN.model_copy(update={"reason": reason, "got": f'"{reason}"'}) for reason in ("rounds", "drops")]
    both = Record(frozenset(), {}, two)
    assert "not yet: drops" in both.add("ING-04", Decision(False, [], "drops")).reason
    assert both.add("ING-04", Decision(False, [], "adds")).verdict is Verdict.FAIL
    one = Record(frozenset(), {}, two)
    one.add("ING-04", Decision(False, [], "drops"))
    one.add("ING-04", YES)
    one.finish()
    (red,) = one.red
    assert "not yet: rounds" in red.expected
    assert red.got == "1 of 2 checks passed, and none failed so"
