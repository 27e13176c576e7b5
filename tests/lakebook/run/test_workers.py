"""Notebooks on forked kernels: each is as alone, as clean and as mortal as one on a kernel that was started."""

from __future__ import annotations

import json
import os
import sys

import psutil
import pytest
import workbook

from lakebook import poll
from lakebook.run import workers
from lakebook.run.execute import execute
from lakebook.run.job import Job

SECONDS = f"98{os.getpid()}"  # by which this session's grandchildren are known
GRANDCHILD = f'import subprocess\nsubprocess.Popen(["sleep", "{SECONDS}"], start_new_session=True)'
TELL = "import json, os, pathlib\npathlib.Path(os.environ['LAKEBOOK_TOLD']).write_text(json.dumps({}))"

linux = pytest.mark.skipif(not workers.FORKS, reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    with workbook.standing(tmp_path_factory.mktemp("run") / "book") as made:
        yield made


def run(book, name, *cells, **given):
    file = book.notebook(name, workbook.GREEN[0], *cells, *workbook.GREEN[1:])
    (state,) = book.stacks()
    return execute(Job(file, f"odd/{name}", "embedded", {}, state["file"], book.home / "executed", book.home, **given))


def told(book, monkeypatch, name, expression):
    """Return what an expression is worth in a notebook's kernel."""
    file = book.home / f"{name}.json"
    monkeypatch.setenv("LAKEBOOK_TOLD", str(file))
    result = run(book, name, TELL.format(expression))
    assert not result.red, result.error
    return json.loads(file.read_text())


@pytest.fixture(scope="module", autouse=True)
def none_before():
    """End the fork servers that a worker of pytest has, where it ran scenarios before."""
    workers.end()


def servers():
    """The fork servers that this process has."""
    return [one for one in psutil.Process().children(recursive=True) if is_server(one)]


def is_server(one):
    """Whether a process is a fork server of this one; the guard of a worker, which may end right now, is none."""
    try:
        return "lakebook.run.fork_server" in one.cmdline() and one.parents()[1:2] == [psutil.Process()]
    except psutil.NoSuchProcess:
        return False


def sleepers():
    return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", SECONDS]]


@linux
def test_every_notebook_has_a_kernel_of_its_own_from_one_server(book, monkeypatch):
    kernels = [told(book, monkeypatch, name, "os.getpid()") for name in ("one", "two")]
    assert len(set(kernels)) == 2
    (server,) = servers()
    assert server.net_connections("inet") == []
    assert not [pid for pid in kernels if psutil.pid_exists(pid)]


@linux
def test_no_two_kernels_draw_the_same_numbers(book, monkeypatch):
    draw = "[__import__('random').random(), __import__('numpy').random.random()]"
    one, two = (told(book, monkeypatch, name, draw) for name in ("one", "two"))
    assert not set(one) & set(two)


def test_a_kernel_has_the_environment_of_its_job_and_no_key_of_the_machine(book, monkeypatch):
    run(book, "before")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-machine")
    monkeypatch.setenv("LAKEBOOK_TIMEOUT_HTTP", "17")
    seen = told(
        book,
        monkeypatch,
        "environment",
        "[os.environ['LAKEBOOK_HOME'], __import__('lakebook.timeouts').timeouts.TIMEOUTS.http, os.getcwd(),"
        "sorted(name for name in os.environ if name.startswith(('AWS_', 'PYTEST_CURRENT'))),"
        "'of-the-machine' in pathlib.Path('/proc/self/environ').read_text() if os.path.exists('/proc') else False]",
    )
    folder = str(book.home / "notebooks" / "odd")
    assert seen == [str(book.home), 17.0, folder, ["AWS_EC2_METADATA_DISABLED"], False]


def test_what_a_notebook_started_ends_with_its_job(book):
    assert not run(book, "restless", GRANDCHILD).red
    assert sleepers() == []


def test_a_job_over_time_ends_with_what_it_started(book):
    result = run(book, "over_time", GRANDCHILD, "import time\ntime.sleep(600)", scenario_seconds=6)
    assert result.error == "the scenario ran longer than 6 s"
    assert sleepers() == []


def test_kill_9_of_the_owner_ends_what_its_notebooks_started(book):
    book.notebook("restless", GRANDCHILD, "import time\ntime.sleep(600)")
    owner = book.start("run", "restless")
    poll.until(sleepers, what="a grandchild", deadline_seconds=60)
    owner.kill()
    owner.communicate()
    poll.until(
        lambda: [*sleepers(), *book.temporary.glob("lb-*")],
        what="nothing to be left",
        deadline_seconds=15,
        done=lambda left: not left,
    )


@linux
def test_a_server_that_was_killed_is_red_for_its_job_and_another_takes_the_next(book):
    file = book.notebook("kills", workbook.GREEN[0], "import os, signal\nos.kill(SERVER, 9)\nsignal.pause()")
    run(book, "before")
    (server,) = servers()
    file.write_text(file.read_text().replace("SERVER", str(server.pid)))
    (state,) = book.stacks()
    result = execute(Job(file, "odd/kills", "embedded", {}, state["file"], book.home / "executed", book.home))
    assert result.error.startswith("the process that executed the notebook died")
    assert not run(book, "after").red


def test_where_nothing_is_forked_a_notebook_runs_on_a_kernel_that_is_started(book, monkeypatch):
    monkeypatch.setattr(workers, "FORKS", False)
    command = told(
        book, monkeypatch, "started", "open('/proc/self/cmdline').read()" if sys.platform == "linux" else "0"
    )
    assert sys.platform != "linux" or "ipykernel_launcher" in command
