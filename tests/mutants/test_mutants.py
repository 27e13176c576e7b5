"""Proof that the checks can fail: each mutant, in a running stack, turns exactly its requirements red."""

from pathlib import Path

import pytest

import mutants
from lakebook import profile, proofs, requirement
from lakebook.proof import planted, prove
from lakebook.run import scenario
from lakebook.stack import resolution

EVERY = mutants.every()
AT_ONCE = 2
ENOUGH_SECONDS = 5000  # for all of them


@pytest.fixture(scope="module")
def proved(request, tmp_path_factory):
    """The proof of each mutant that a selected test asks for, by name."""
    items = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    asked = [item.callspec.params["mutant"] for item in items]
    found = {}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LAKEBOOK_TIMEOUT_SECOND_READER", "12")  # DuckDB hangs where the store refuses it
        for one in prove.each(asked, "embedded", tmp_path_factory.mktemp("proofs"), jobs=AT_ONCE):
            proofs.keep([one])
            found[one.mutant] = one
    return found


@pytest.mark.slow
@pytest.mark.timeout(ENOUGH_SECONDS)
@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_a_mutant_turns_exactly_its_requirements_red(proved, mutant):
    one = proved[mutant.name]
    assert set(one.red) == set(mutant.finds)
    assert not one.undecided
    assert one.ending is proofs.Ending.FOUND


def test_every_requirement_that_a_scenario_decides_is_found_by_a_mutant():
    has, _ = resolution.capabilities(profile.load("embedded"))
    decided = {identifier for one in scenario.every() for identifier in one.requirements}
    decidable = {identifier for identifier in decided if not requirement.get(identifier).missing(has)}
    assert decidable == {identifier for mutant in EVERY for identifier in mutant.finds}


def test_a_mutants_name_is_its_modules():
    for mutant in EVERY:
        assert Path(mutants.__path__[0], f"{mutant.name}.py").exists()


def test_the_command_finds_the_mutants_that_are_installed():
    assert [mutant.name for mutant in planted.every()] == [mutant.name for mutant in EVERY]
