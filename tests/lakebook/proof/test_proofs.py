"""What a proof says, what is kept of it, and what a survivor looks like."""

import json
from dataclasses import replace

import pytest

from lakebook import proofs
from lakebook.errors import ConfigurationError
from lakebook.proof import planted, prove
from lakebook.proofs import Ending, Proof
from lakebook.run.execute import Result
from lakebook.verdict import Check, Verdict

FOUND = Proof("m", "it is wrong", "embedded", ("ING-01",), {"ING-01": "ingestion/a#cell"})


def result(*checks):
    return Result("a", "ingestion", "A", "embedded", Verdict.FAIL, 1.0, "", "", "it broke", "", {}, checks)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(proofs, "file", lambda: tmp_path / "proofs.json")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        ({}, Ending.FOUND),
        ({"red": {}}, Ending.SURVIVED),
        ({"declared": ("ING-01", "ING-02")}, Ending.SURVIVED),
        ({"red": {"ING-01": "", "ING-02": ""}}, Ending.ASTRAY),
        ({"undecided": {"ING-02": "it broke"}}, Ending.ASTRAY),
        ({"red": {"ING-02": ""}}, Ending.SURVIVED),
    ],
)
def test_only_what_is_declared_and_all_of_it_is_found(change, ending):
    assert replace(FOUND, **change).ending is ending


def test_reds_are_told_with_the_first_cell_that_failed_and_unknowns_apart():
    checks = [
        Check("ING-01", Verdict.PASS, cell="one"),
        Check("ING-01", Verdict.FAIL, cell="two"),
        Check("ING-01", Verdict.FAIL, cell="three"),
        Check("ING-02", Verdict.UNKNOWN),
        Check("ING-03", Verdict.NOT_APPLICABLE),
    ]
    assert prove.reds([result(*checks)]) == ({"ING-01": "ingestion/a#two"}, {"ING-02": "it broke"})


def test_a_later_proof_takes_the_place_of_the_same_mutants_earlier_one(home):
    proofs.keep([FOUND, replace(FOUND, mutant="n")])
    proofs.keep([replace(FOUND, red={})])
    assert {(one.mutant, one.ending) for one in proofs.last()} == {("m", Ending.SURVIVED), ("n", Ending.FOUND)}
    assert json.loads(proofs.file().read_text())["proofs"][0]["ending"] == "survived"


def test_a_requirement_is_proven_by_the_mutants_that_its_checks_found(home):
    survived = replace(FOUND, mutant="n", red={})
    stray = replace(FOUND, mutant="o", declared=("ING-02",), red={"ING-01": ""})
    assert proofs.by_requirement([FOUND, survived, stray]) == {"ING-01": ["m"]}


def test_without_a_file_nothing_is_proven_and_a_broken_one_is_an_error(home):
    assert proofs.last() == []
    proofs.file().write_text('{"proofs": [{"mutant": 1}]}')
    with pytest.raises(ConfigurationError, match="the proofs cannot be read"):
        proofs.last()


def test_mutants_are_chosen_by_name_and_by_requirement():
    names = [mutant.name for mutant in planted.select(requirements=["VEND-05"])]
    assert "prefix_without_slash" in names
    assert [mutant.name for mutant in planted.select(["draft_changes"])] == ["draft_changes"]
    with pytest.raises(ConfigurationError, match="did you mean draft_changes"):
        planted.select(["draft_change"])
    with pytest.raises(ConfigurationError, match="no requirement"):
        planted.select(requirements=["ING-99"])
