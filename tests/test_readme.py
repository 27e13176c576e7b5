"""Every command that the README shows does what the README says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from workbook import make, without_ours

from lakebook import profile

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
PRESENCE, WITH_COMPOSE = "tests/lakebook/stack/test_presence.py", "--profile polaris --with compose"
RUN_ELSEWHERE = {
    "pip install uv && uv run pytest": "this very run",
    "pip install uv && uv run lakebook run": "its second half, below, without the installation",
    "uv run --extra lab lakebook lab": "it waits for a person: tests/lakebook/lab/test_stepping.py",
    "uv run --extra lab lakebook debug last scope": "the same: tests/lakebook/lab/test_debugging.py",
    "LAKEBOOK__CATALOG__MODULE=mutants.prefix_without_slash uv run lakebook run scope --keep-red": "the same",
    "uv run lakebook bench stack-ready": "no test is timed: tests/lakebook/test_bench.py gives it limits",
    "uv run pytest notebooks --profile embedded --size quick": "a part of this very run",
    "uv run lakebook install --profile spark": f"it brings what is large: {PRESENCE}",
    "uv run lakebook run --profile all-local": f"as many profiles as the machine has: {PRESENCE}",
    f"POLARIS_CLIENT_SECRET=lakebook-secret uv run lakebook up {WITH_COMPOSE}": "tests/test_compose.py",
}
HERE = [*(line for line in COMMANDS if line not in RUN_ELSEWHERE), "uv run lakebook run"]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    made = make(tmp_path_factory.mktemp("readme") / "book", notebooks=True)
    made.state.mkdir()
    yield made.home
    made.nothing_left()
    made.end()


@pytest.mark.timeout(900)  # some run every scenario
@pytest.mark.parametrize("line", HERE)
def test_a_command_does_what_the_readme_says(workbook, line):
    command, _, comment = line.partition("  # exit ")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command.replace("uv run ", ""),
        shell=True,
        cwd=workbook,
        env=without_ours(os.environ) | {"PATH": path, "LAKEBOOK_HOME": str(workbook)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == int(comment or 0), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_its_table_has_every_profile_and_says_which_were_never_executed():
    rows = re.findall(
        r"^\| `([a-z-]+)` \|(.*)\|$", README.partition("## Profiles")[2].partition("###")[0], re.MULTILINE
    )
    found = {name: profile.outline(name) for name in profile.names()}
    assert sorted(name for name, _ in rows) == sorted(found)
    assert {name for name, row in rows if "never executed" in row} == {
        name for name, one in found.items() if one.never_executed
    }


def test_the_two_commands_come_first():
    assert COMMANDS[:2] == ["pip install uv && uv run lakebook run", "pip install uv && uv run pytest"]


def test_ci_runs_the_readmes_test_command():
    assert COMMANDS[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_what_the_readme_names_is_there():
    for name in re.findall(r"`((?:lib|notebooks|parameters|tests|docs)/[a-z_./]+)`", README):
        assert (ROOT / name).exists(), name
    assert all((ROOT / picture).exists() for picture in re.findall(r"!\[.*?\]\((.*?)\)", README))
