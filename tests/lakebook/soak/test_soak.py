"""A soak tells of every run that differs, and of everything that a run leaves behind."""

import json
import subprocess
import sys

import psutil
import pytest
from workbook import GREEN, make

from lakebook.soak.soak import Soak, verdicts
from lakebook.soak.workbook import Copy


@pytest.fixture
def book(tmp_path):
    made = make(tmp_path / "book")
    made.notebook("calm", *GREEN)
    yield made
    made.end()


@pytest.fixture
def lent(tmp_path):
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home").mkdir()
    return Copy(tmp_path / "home", tmp_path / "tmp")


def test_a_calm_scenario_soaks_green_and_leaves_nothing(book):
    done = book.lakebook("soak", "--runs", "2", "--at-once", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines() if line.startswith("✔")] == [
        "✔ run-1",
        "✔ run-2",
        "✔ the stack itself",
        "✔ 2 at once",
    ]
    book.nothing_left()


def test_a_scenario_that_leaves_things_in_the_stack_soaks_red(book):
    forget = 'lake.storage.put_object(Bucket=lake.source.bucket, Key="forgotten", Body=b"x")'
    book.notebook("untidy", GREEN[0], forget, *GREEN[1:])
    done = book.lakebook("soak", "untidy", "--runs", "1", "--at-once", "0")
    assert done.returncode == 1
    assert "left behind: object s3://lakebook-sources/forgotten" in done.stdout


def test_a_scenario_that_leaves_a_temporary_file_soaks_red(book):
    book.notebook("litter", GREEN[0], 'import tempfile\ntempfile.mkstemp(prefix="litter-")', *GREEN[1:])
    done = book.lakebook("soak", "litter", "--runs", "1", "--at-once", "0")
    assert done.returncode == 1
    assert "left behind: folder litter-" in done.stdout


def test_a_flake_soaks_red_and_says_which_verdict_differed(book):
    seen = book.home / "seen"
    flaky = 'lake.check("ING-02", got=seen.exists(), expected=False)\nseen.touch()'
    first = f'import pathlib\nseen = pathlib.Path("{seen}")'
    book.notebook("flaky", GREEN[0], first, flaky, *GREEN[1:])
    done = book.lakebook("soak", "flaky", "--runs", "2", "--at-once", "0")
    assert done.returncode == 1
    assert "odd/flaky on embedded: fail" in done.stdout
    assert "ING-02 fail" in done.stdout


def test_a_process_that_is_left_is_told_with_its_port(lent):
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print('up', flush=True); input()"
    pipe = subprocess.PIPE
    environment = {"LAKEBOOK_HOME": str(lent.home)}
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, env=environment) as left:
        left.stdout.readline()
        port = next(one.laddr.port for one in psutil.Process(left.pid).net_connections("tcp"))
        (line,) = lent.left()
        left.stdin.close()
    assert line.startswith(f"process {left.pid} ")
    assert line.endswith(f"listening on [{port}]")
    assert lent.left() == []


def test_a_run_without_results_is_wrong(lent):
    (one,) = Soak(lent, "embedded", []).at_once(1)  # there is no notebook in that home
    assert "0 of 1 runs wrote their results" in one.wrong
    assert one.wrong[0].startswith("exit status 2")


def test_verdicts_are_those_of_each_check_in_order():
    checks = [{"requirement": "ING-01", "verdict": "pass"}, {"requirement": "ING-02", "verdict": "fail"}]
    one = {"workflow": "w", "scenario": "s", "profile": "p", "verdict": "fail", "checks": checks}
    assert verdicts(json.loads(json.dumps({"results": [one]}))) == {"w/s on p": "fail, ING-01 pass, ING-02 fail"}
