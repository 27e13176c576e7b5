"""One notebook, one truth: the command, pytest and plain papermill come to the same verdicts, green and red."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import pytest
from workbook import make

from lakebook import poll

BIN = Path(sys.executable).parent
NOTEBOOK = Path("notebooks/refresh/dry_run.ipynb")


@pytest.fixture
def workbook(tmp_path):
    made = make(tmp_path / "book", notebooks=True)
    yield made.home
    made.end()


def do(workbook, environment, *command):
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=workbook,
        env={**os.environ, **environment, "LAKEBOOK_HOME": str(workbook)},
        capture_output=True,
        text=True,
        check=False,
    )


def recorded(workbook):
    (folder,) = (workbook / ".lakebook" / "runs").iterdir()
    results = json.loads((folder / "results.json").read_text())
    assert (folder / "index.html").exists()
    shutil.rmtree(folder)
    return [(check["requirement"], check["verdict"]) for result in results["results"] for check in result["checks"]]


def shown(notebook):
    """The verdicts as the panels of an executed notebook say them."""
    outputs = [output for cell in nbformat.read(notebook, 4).cells for output in cell.get("outputs", [])]
    panels = [
        output.data["text/plain"] for output in outputs if output.get("metadata", {}).get("lakebook", {}).get("check")
    ]
    words = [panel.splitlines()[0].split(":")[0].split() for panel in panels]
    return [(line[-1], "_".join(line[1:-1])) for line in words]


@pytest.mark.parametrize(
    ("environment", "status"),
    [({}, 0), ({"LAKEBOOK__INGESTION__MODULE": "mutants.dry_run_forgets"}, 1)],
    ids=["green", "red"],
)
def test_the_command_pytest_and_papermill_agree(workbook, environment, status):
    command = do(workbook, environment, "lakebook", "run", "dry_run", "--quick")
    by_command = recorded(workbook)
    suite = do(workbook, environment, "pytest", "--nbmake", "--size", "quick", "--junitxml=junit.xml", str(NOTEBOOK))
    by_pytest = recorded(workbook)
    plain = do(workbook, environment, "papermill", str(NOTEBOOK), "out.ipynb", "-f", "parameters/sizes/quick.yaml")
    by_papermill = shown(workbook / "out.ipynb")

    assert [done.returncode for done in (command, suite, plain)] == [status] * 3, command.stderr + suite.stdout
    assert by_command == by_pytest == by_papermill
    assert ("REF-08", "fail" if status else "pass") in by_command
    case = ET.parse(workbook / "junit.xml").find(".//testcase")
    assert {one.get("name"): one.get("value") for one in case.iter("property")}["REF-08"] == dict(by_command)["REF-08"]
    assert (case.find("failure") is not None) == bool(status)


def test_markers_select_by_workflow_and_service(workbook):
    listed = do(
        workbook, {}, "pytest", "--nbmake", "--collect-only", "-q", "-m", "refresh and moto", "notebooks"
    ).stdout
    assert "dry_run[embedded]" in listed
    assert "incremental" not in listed


@pytest.mark.parametrize("option", ["--profile=nowhere", "--size=huge"])
def test_pytest_refuses_an_unknown_profile_or_size_in_one_message(workbook, option):
    done = do(workbook, {}, "pytest", "--nbmake", option, str(NOTEBOOK))
    assert done.returncode == 4, done.stdout
    assert "there is no" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_pytest_refuses_a_size_with_a_parameter_that_no_scenario_has(workbook):
    (workbook / "parameters" / "sizes" / "odd.yaml").write_text("fils: 5\n")
    done = do(workbook, {}, "pytest", "--nbmake", "--size=odd", str(NOTEBOOK))
    assert done.returncode == 4, done.stdout
    assert "there is no parameter fils" in done.stdout + done.stderr


def test_an_interrupted_pytest_is_red_in_its_results(workbook):
    process = subprocess.Popen(
        [BIN / "pytest", "--nbmake", "--size", "quick", NOTEBOOK, "notebooks/ingestion/incremental.ipynb"],
        cwd=workbook,
        env={**os.environ, "LAKEBOOK_HOME": str(workbook)},
        stdout=subprocess.PIPE,
        text=True,
    )
    jobs = poll.until(lambda: list(workbook.glob(".lakebook/runs/*/*/*/*.job.json")), what="a job", deadline_seconds=60)
    process.send_signal(signal.SIGINT)
    shown, _ = process.communicate(timeout=120)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, shown
    results = json.loads((jobs[0].parents[2] / "results.json").read_text())
    assert (results["verdict"], results["exit_status"]) == ("unknown", 1)
    assert {one["scenario"]: one["verdict"] for one in results["results"]} == dict.fromkeys(
        ("dry_run", "incremental"), "unknown"
    )
    assert all("interrupted" in check["reason"] for one in results["results"] for check in one["checks"])


@pytest.mark.parametrize(("asked", "seconds"), [([], 2), (["--nbmake-timeout=1"], 1)])
def test_a_cell_may_take_as_long_as_lakebook_says_unless_pytest_is_told_otherwise(tmp_path, asked, seconds):
    book = make(tmp_path / "book")
    try:
        book.notebook("slow", "import time\ntime.sleep(600)")
        done = do(book.home, {"LAKEBOOK_TIMEOUT_CELL": "2"}, "pytest", "--nbmake", *asked, "notebooks")
        assert f"a cell ran longer than {seconds} s" in done.stdout
    finally:
        book.end()
