"""Each requirement is in exactly one state, and every gap shows."""

import pytest

from lakebook import profile, requirement
from lakebook.report.trace import Decided, State, counts, lines
from lakebook.requirement import Requirement
from lakebook.run import scenario, traced
from lakebook.stack import resolution
from lakebook.verdict import Verdict

# The requirements that the workflows which are there must decide: each has a scenario with a check of it.
MUST_HAVE_A_CHECK = {
    *(f"ING-{n:02d}" for n in (*range(1, 8), *range(10, 16), 21, 22, 26, 27, 30, 31, 32, 35)),
    *(f"EVO-{n:02d}" for n in (*range(1, 13), *range(14, 18))),
    *(f"REF-{n:02d}" for n in range(1, 14)),
    *(f"VEND-{n:02d}" for n in (*range(1, 11), *range(13, 19))),
}

ONE = Requirement("ING-01", "ingestion", "it holds", "here", ())
OTHER = Requirement("ING-02", "ingestion", "it holds too", "here", ())


def state(verdicts=(), *, scenarios=("a",), mutants=("m",), one=ONE):
    decided = [Decided(one.id, f"profile{n}", verdict, "why") for n, verdict in enumerate(verdicts)]
    (line,) = lines([one], {one.id: scenarios}, decided, {one.id: mutants})
    return line.state


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASS], State.COVERED),
        ([Verdict.KNOWN_FAILURE], State.COVERED),
        ([Verdict.PASS, Verdict.FAIL], State.RED),
        ([Verdict.UNKNOWN], State.RED),
        ([Verdict.NOT_APPLICABLE], State.NOT_APPLICABLE),
        ([Verdict.NOT_APPLICABLE, Verdict.PASS], State.COVERED),
        ([], State.NEVER_RUN),
    ],
)
def test_the_state_follows_from_the_verdicts(verdicts, expected):
    assert state(verdicts) is expected


def test_what_no_mutant_has_turned_red_is_unproven():
    assert state([Verdict.PASS], mutants=()) is State.UNPROVEN


def test_a_requirement_without_a_scenario_is_a_gap_unless_it_waits_for_later():
    found = lines([ONE, OTHER], {"ING-02": ["a"]}, [], {})
    assert [line.state for line in found] == [State.NO_CHECK, State.NEVER_RUN]
    waits = Requirement("ING-01", "ingestion", "it holds", "here", (), later="a scenario")
    assert lines([waits, OTHER], {"ING-02": ["a"]}, [], {})[0].state is State.LATER


def test_a_workflow_without_scenarios_waits_for_later():
    assert state(scenarios=()) is State.LATER


def test_the_worst_verdict_of_several_scenarios_on_one_profile_counts():
    decided = [Decided("ING-01", "p", Verdict.FAIL), Decided("ING-01", "p", Verdict.PASS)]
    (line,) = lines([ONE], {"ING-01": ["a", "b"]}, decided, {"ING-01": ["m"]})
    assert (line.state, line.verdicts) == (State.RED, {"p": Verdict.FAIL})


def test_what_waits_says_for_what_and_what_does_not_apply_says_why():
    waits = Requirement("ING-01", "ingestion", "it holds", "here", (), later="a scenario")
    assert lines([waits], {}, [], {})[0].reason == "a scenario"
    (line,) = lines([ONE], {"ING-01": ["a"]}, [Decided("ING-01", "p", Verdict.NOT_APPLICABLE, "no such store")], {})
    assert line.reason == "no such store"


def test_states_are_counted():
    found = lines([ONE, OTHER], {"ING-01": ["a"]}, [Decided("ING-01", "p", Verdict.PASS)], {"ING-01": ["m"]})
    assert counts(found) == {State.COVERED: 1, State.NO_CHECK: 1}


def test_every_requirement_that_must_have_a_check_has_one():
    decided = {identifier for one in scenario.every() for identifier in one.requirements}
    assert decided >= MUST_HAVE_A_CHECK
    assert decided <= requirement.all_requirements().keys()


def test_what_waits_for_later_has_no_check_and_says_so():
    found = {line.id: line for line in traced.lines(None)}
    assert not [line.id for line in found.values() if line.state is State.NO_CHECK]
    assert not [one.id for one in requirement.all_requirements().values() if one.later and found[one.id].scenarios]


def test_before_any_run_what_has_a_check_was_never_run():
    found = {line.id: line.state for line in traced.lines(None)}
    assert {found[identifier] for identifier in MUST_HAVE_A_CHECK} == {State.NEVER_RUN}


def test_embedded_can_decide_most_of_what_must_have_a_check():
    has, _ = resolution.capabilities(profile.load("embedded"))
    missing = {one for one in MUST_HAVE_A_CHECK if requirement.get(one).missing(has)}
    assert missing <= {"VEND-08", "VEND-14", "VEND-16", "VEND-17"}
