"""Proof that the checks can fail: each mutant, in a running stack, turns exactly its requirements red."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mutants
from lakebook import project
from lakebook.run import scenario

EVERY = mutants.every()


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A copy of the workbook, so that its runs are its own."""
    folder = tmp_path_factory.mktemp("workbook")
    for name in ("notebooks", "parameters"):
        shutil.copytree(project.root() / name, folder / name, ignore=shutil.ignore_patterns("*.local.yaml"))
    return folder


def run(workbook, mutant):
    """Run the command on a stack with the mutant in it; return its status and the results that it wrote."""
    before = set((workbook / ".lakebook" / "runs").glob("*"))
    only = [word for identifier in mutant.finds for word in ("-r", identifier)]
    environment = {
        **os.environ,
        "LAKEBOOK_HOME": str(workbook),
        "LAKEBOOK_TIMEOUT_SECOND_READER": "8",  # DuckDB hangs where a mutant makes the store refuse it
        f"LAKEBOOK__{mutant.role.upper()}__MODULE": f"mutants.{mutant.name}",
    }
    command = Path(sys.executable).with_name("lakebook")
    done = subprocess.run(
        [command, "run", "-j", "2", "--quick", *only], env=environment, capture_output=True, text=True, check=False
    )
    new = set((workbook / ".lakebook" / "runs").glob("*")) - before
    assert len(new) == 1, done.stdout + done.stderr
    return done.returncode, json.loads((new.pop() / "results.json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_a_mutant_turns_exactly_its_requirements_red(workbook, mutant):
    status, results = run(workbook, mutant)
    checks = [check for result in results["results"] for check in result["checks"]]
    assert status == 1
    assert {check["requirement"] for check in checks if check["verdict"] == "fail"} == set(mutant.finds)
    assert not [check for check in checks if check["verdict"] == "unknown"]


def test_every_requirement_that_a_scenario_decides_is_found_by_a_mutant():
    decided = {identifier for one in scenario.every() for identifier in one.requirements}
    assert decided == {identifier for mutant in EVERY for identifier in mutant.finds}


def test_a_mutants_name_is_its_modules():
    for mutant in EVERY:
        assert Path(mutants.__path__[0], f"{mutant.name}.py").exists()
