"""The workflow of CI: it runs what the README says, and publishes what a run writes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from lakebook.report import write
from lakebook.run import results
from lakebook.run.results import ProfileRun, Run

ROOT = Path(__file__).parents[1]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "lakebook.yaml").read_text(encoding="utf-8"))
STEPS = WORKFLOW["jobs"]["test"]["steps"]
RED = Run("2026-11-21T14:03:22Z", 1.5, "pytest", {}, [ProfileRun("embedded", "", error="it did not start")], [])


def step(word: str) -> dict:
    (found,) = [one for one in STEPS if word in one.get("uses", "") + one.get("name", "")]
    return found


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the tests leave behind: two runs, the older of which has the later name; and pytest's own results."""
    for name, age in (("2026-11-21T15-00-00Z", 1_000), ("2026-11-21T14-00-00Z", 2_000)):
        folder = tmp_path / ".lakebook" / "runs" / name
        folder.mkdir(parents=True)
        results.write(RED, folder)
        write.index(RED, folder)
        os.utime(folder / write.SUMMARY, (age, age))
        with (folder / write.SUMMARY).open("a") as summary:
            summary.write(name)
        os.utime(folder / write.SUMMARY, (age, age))
    addopts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (written,) = re.findall(r"--junitxml=(\S+?)[\"\s]", addopts)
    (tmp_path / written).touch()
    return tmp_path


def test_it_runs_the_readmes_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    tests = [line for block in commands for line in block.splitlines() if line.endswith("uv run pytest")]
    assert tests == [step("Tests")["run"]]


def test_it_runs_on_pushes_and_pull_requests_and_may_change_nothing() -> None:
    assert {"push", "pull_request"} <= set(WORKFLOW[True])  # "on", as YAML 1.1 reads it
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_every_action_is_pinned_at_a_version() -> None:
    used = [one["uses"] for one in STEPS if "uses" in one]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", action) for action in used)


def test_its_python_is_the_oldest_that_the_project_takes() -> None:
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert oldest
    assert step("setup-python")["with"]["python-version"] == oldest[1]


def test_the_summary_is_that_of_the_run_written_last_and_comes_when_tests_are_red(checkout: Path) -> None:
    page = checkout / "page.md"
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(page)}
    subprocess.run(["bash", "-e", "-c", step("Summary")["run"]], cwd=checkout, env=environment, check=True)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ? unknown")
    assert text.endswith("2026-11-21T14-00-00Z")
    assert step("Summary")["if"] == "${{ !cancelled() }}"


def test_what_it_uploads_is_what_a_run_writes_even_when_tests_are_red(checkout: Path) -> None:
    upload = step("Reports")
    assert upload["if"] == "${{ !cancelled() }}"
    assert upload["with"]["include-hidden-files"] is True
    paths = upload["with"]["path"].split()
    assert all((checkout / path).exists() for path in paths)
    written = {file.name for path in paths for file in (checkout / path).rglob("*")}
    assert {"index.html", "summary.md", "junit.xml", "results.json"} <= written
    assert not [path for path in paths if "stacks" in path]
