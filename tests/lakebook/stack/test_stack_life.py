"""Stacks as real processes: how they start, where they listen, and that nothing of them stays."""

from __future__ import annotations

import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import workbook

from lakebook import poll
from lakebook.stack import ports

OWNER = """
import sys, threading
from lakebook import log, profile
from lakebook.stack import stack
log.configure()
started = stack.start(profile.load(sys.argv[1]))
print(started.file, flush=True)
threading.Event().wait()
"""
RESTLESS = """
import runpy, subprocess
subprocess.Popen(["sleep", "600"], start_new_session=True)
runpy.run_module("moto.server", run_name="__main__", alter_sys=True)
"""
AS_ANOTHER = 'import runpy\nrunpy.run_module("%s", run_name="__main__", alter_sys=True)'


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    with workbook.standing(tmp_path_factory.mktemp("up") / "book") as made:
        yield made


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    yield made
    made.end()


def owner(book, profile="embedded", folder=None, **given):
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, profile],
        stdout=subprocess.PIPE,
        text=True,
        env=book.environment(given),
        cwd=folder,
    )


def service(state, role):
    """The process of a service itself, below its guard."""
    return psutil.Process(state["services"][role]["pid"]).children()[0]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_each_service_says_its_version_and_the_state_is_private(up):
    (state,) = up.stacks()
    assert state["services"].keys() == {"storage", "catalog", "engine", "ingestion"}
    assert all(one["version"] for one in state["services"].values())
    assert mode(state["file"]) == 0o600
    assert mode(state["file"].parent) == 0o700
    assert mode(up.state) == 0o700


def test_each_service_runs_in_a_folder_of_its_own_where_what_it_writes_unasked_goes_with_it(up):
    (state,) = up.stacks()
    folders = [Path(service(state, role).cwd()) for role in state["services"]]
    assert len(set(folders)) == 4
    assert {folder.parent for folder in folders} == {state["file"].parent}


def test_modules_of_the_current_folder_of_the_root_and_of_a_relative_path_are_found_all_the_same(book):
    here = book.home / "here"
    (here / "on_path").mkdir(parents=True)
    for folder, module, started in (
        (here, "in_the_current_folder", "moto.server"),
        (book.home, "at_the_root", "tinylake.catalog"),
        (here / "on_path", "on_a_relative_path", "tinylake.autoloader"),
    ):
        (folder / f"{module}.py").write_text(AS_ANOTHER % started)
    book.profile(
        "own",
        storage="{service: moto, module: in_the_current_folder}",
        catalog="{service: tinylake_catalog, module: at_the_root}",
        ingestion="{service: tinylake_autoloader, module: on_a_relative_path}",
    )
    with owner(book, "own", folder=here, PYTHONPATH="on_path") as process:
        assert process.stdout.readline().strip().endswith("stack.json")
        process.terminate()
    book.nothing_left(seconds=15)


def test_all_services_listen_on_loopback_only(up):
    sockets = [
        socket.laddr
        for one in up.processes()
        for socket in one.net_connections("inet")
        if socket.status == psutil.CONN_LISTEN
    ]
    assert len(sockets) >= 4
    assert {address.ip for address in sockets} == {"127.0.0.1"}


def test_up_twice_gives_the_same_stack(up):
    before = up.stacks()
    assert up.lakebook("up").returncode == 0
    assert up.stacks() == before
    assert up.lakebook("status").returncode == 0


def test_clean_leaves_a_living_stack_alone(up):
    before = up.stacks()
    assert up.lakebook("clean").returncode == 0
    assert up.stacks() == before


def test_two_at_once_and_two_side_by_side_do_not_meet(book, up):
    both = [book.start("up"), book.start("up")]
    for one in both:
        one.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert [one.returncode for one in both] == [0, 0]
    (mine,), (other,) = book.stacks(), up.stacks()
    assert not {one["url"] for one in mine["services"].values()} & {one["url"] for one in other["services"].values()}
    assert mine["services"]["catalog"]["secrets"] != other["services"]["catalog"]["secrets"]
    assert up.lakebook("status").returncode == 0
    service(mine, "catalog").kill()
    status = poll.until(
        lambda: book.lakebook("status"), what="status", deadline_seconds=60, done=lambda seen: seen.returncode == 1
    )
    (line,) = [line for line in status.stdout.splitlines() if "dead" in line]
    assert "tinylake_catalog" in line
    down = book.lakebook("down")
    assert (down.returncode, down.stdout) == (0, "stopped embedded\n")
    book.nothing_left(seconds=5)


def test_a_fixed_port_that_is_free_is_served_there_alone_and_shared(book):
    book.notebook("green", *workbook.GREEN[:1], "print(lake.catalog.url)", *workbook.GREEN[1:])
    port = ports.free()
    fixed = {"LAKEBOOK__CATALOG__PORT": str(port)}
    done = book.lakebook("run", **fixed)
    assert done.returncode == 0, done.stdout + done.stderr
    (executed,) = book.state.glob("runs/*/embedded/odd/green.ipynb")
    assert f"http://127.0.0.1:{port}" in executed.read_text()
    assert book.lakebook("up", **fixed).returncode == 0
    assert book.stacks()[0]["services"]["catalog"]["url"] == f"http://127.0.0.1:{port}"
    done = book.lakebook("run", **fixed)
    assert done.returncode == 0, done.stdout + done.stderr
    book.lakebook("down")
    book.nothing_left(seconds=5)


def test_a_run_uses_the_shared_stack_and_leaves_it_running_unless_its_settings_differ(up):
    make = 'from lakebook.data import events\nlake.create("orders", events(1, 10).files[0].rows)'
    where = "print(lake.state.folder.name)"
    up.notebook("kept", workbook.GREEN[0], where, make, *workbook.GREEN[1:])
    before = up.stacks()
    name = before[0]["file"].parent.name

    done = up.lakebook("run", "--keep")
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = up.state.glob("runs/*")
    assert name in (run / "embedded" / "odd" / "kept.ipynb").read_text()
    assert "stays until lakebook down" in (run / "embedded" / "odd" / "kept.ipynb").read_text()
    assert (run / "embedded" / "logs" / "tinylake_catalog.log").exists()
    assert up.stacks() == before
    assert up.lakebook("clean").stdout.startswith("removed embedded: lakebook_kept_")

    shutil.rmtree(run)
    differs = {"LAKEBOOK__CATALOG__CREDENTIAL_SECONDS": "901"}
    refused = up.lakebook("run", "--keep", **differs)
    assert (refused.returncode, list(up.state.glob("runs/*"))) == (2, [])
    assert "one with other settings" in refused.stderr
    done = up.lakebook("run", **differs)
    assert done.returncode == 0, done.stdout + done.stderr
    (executed,) = up.state.glob("runs/*/embedded/odd/kept.ipynb")
    assert name not in executed.read_text()
    assert up.stacks() == before


def test_kill_9_of_the_owner_leaves_no_process_and_no_folder(book):
    book.module("restless", RESTLESS)
    book.profile("restless", storage="{service: moto, module: restless}")
    process = owner(book, "restless")
    assert process.stdout.readline().strip().endswith("stack.json")
    assert [one for one in book.processes() if one.name() == "sleep"]
    process.kill()
    process.wait()
    book.nothing_left()


def test_kill_9_of_a_guard_ends_its_service(book):
    process = owner(book)
    assert process.stdout.readline()
    (state,) = book.stacks()
    catalog = service(state, "catalog")
    psutil.Process(state["services"]["catalog"]["pid"]).kill()
    poll.until(lambda: not catalog.is_running() or catalog.status() == "zombie", what="an end", deadline_seconds=60)
    process.kill()
    process.wait()


def test_clean_removes_what_a_killed_owner_left_and_not_what_is_starting(book):
    book.module("silent", "import signal\nsignal.pause()")
    book.profile("silent", storage="{service: moto, module: silent}")
    left = book.state / "stacks" / "embedded-999999999-0123abcd"
    left.mkdir(parents=True)
    process = owner(book, "silent")
    starting = poll.until(lambda: [one for one in book.folders() if one != left], what="a folder", deadline_seconds=60)
    cleaned = book.lakebook("clean")
    assert cleaned.stdout == f"removed stack {left.name}\n", cleaned.stderr
    assert book.folders() == starting
    process.kill()
    process.wait()
    book.nothing_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["stacks/*/*.log", "runs/*/*/odd/*.job.json"])
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(book, number, moment):
    book.notebook("long", "import time\ntime.sleep(600)", "lake.finish()")
    book.notebook("next", *workbook.GREEN)
    process = book.start("run")
    poll.until(lambda: list(book.state.glob(moment)), what=moment, deadline_seconds=60)
    process.send_signal(number)
    _out, err = process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 130
    assert err == "interrupted; everything that was started has been stopped\n"
    book.nothing_left(seconds=5)
    assert not list(book.state.rglob("*.partial"))
    assert not list(book.state.rglob("*.job.json"))


def test_signal_upon_signal_does_not_keep_a_run_from_ending(book):
    for name in ("one", "other"):
        book.notebook(name, "import time\ntime.sleep(600)", "lake.finish()")
    process = book.start("run")
    poll.until(lambda: len(list(book.state.glob("runs/*/*/odd/*.job.json"))) == 2, what="jobs", deadline_seconds=60)

    def ended():
        process.send_signal(signal.SIGTERM)
        return process.poll() is not None

    poll.until(ended, what="its end", deadline_seconds=30)
    _out, err = process.communicate()
    assert process.returncode == 130
    assert err.endswith("interrupted; everything that was started has been stopped\n")
    book.nothing_left(seconds=5)


def test_kill_9_of_a_run_leaves_no_process(book):
    book.notebook("long", "import time\ntime.sleep(600)", "lake.finish()")
    process = book.start("run")
    poll.until(lambda: list(book.state.glob("runs/*/*/odd/*.job.json")), what="a job", deadline_seconds=60)
    process.kill()
    process.communicate()
    book.nothing_left()


def test_an_interrupted_up_leaves_nothing(book):
    book.module("silent", "import signal\nsignal.pause()")
    book.profile("silent", storage="{service: moto, module: silent}")
    process = book.start("up", "--profile", "silent")
    poll.until(book.folders, what="a stack's folder", deadline_seconds=60)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 130
    book.nothing_left(seconds=5)
