"""Services that die or hang are named, with the end of their log, and the rest of the run goes on."""

from __future__ import annotations

import pytest
import workbook

DIES = 'import sys\nprint("first words")\nprint("no room at the inn")\nsys.exit(3)'
HANGS = "import signal\nprint('waiting for godot', flush=True)\nsignal.pause()"
MUTE = """
import argparse, signal, socket
parser = argparse.ArgumentParser()
parser.add_argument("--host"), parser.add_argument("--port", type=int)
given = parser.parse_args()
with socket.create_server((given.host, given.port)):
    print("listening, never answering", flush=True)
    signal.pause()
"""


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    yield made
    made.end()


def of(results, profile):
    return [one for one in results["results"] if one["profile"] == profile]


def test_a_service_that_dies_at_start_is_red_by_name_and_other_profiles_go_on(book):
    book.notebook("green", *workbook.GREEN[:2], 'lake.check("VEND-16", got=1, expected=1)', workbook.GREEN[2])
    book.module("dies", DIES)
    book.profile("dying", catalog="{service: tinylake_catalog, module: dies}")
    done = book.lakebook("run", "--profile", "dying", "--profile", "embedded")
    assert done.returncode == 1, done.stdout + done.stderr
    results = book.results()
    (dead,), (good,) = of(results, "dying"), of(results, "embedded")
    assert (dead["verdict"], good["verdict"]) == ("unknown", "pass")
    assert "tinylake_catalog ended with status 3" in dead["error"]
    assert "no room at the inn" in dead["error"]
    assert [(one["requirement"], one["verdict"]) for one in dead["checks"]] == [
        ("ING-01", "unknown"),
        ("VEND-16", "not_applicable"),
    ]
    assert "no room at the inn" in dead["checks"][0]["reason"]
    (run,) = book.state.glob("runs/*")
    assert (run / "index.html").stat().st_size
    assert "no room" in (run / "dying" / "logs" / "tinylake_catalog.log").read_text()
    where = dead["error"].split("where")[1].split()[0]
    assert (book.home / where).exists()
    book.nothing_left(seconds=5)


@pytest.mark.parametrize(("code", "says"), [(HANGS, "waiting for godot"), (MUTE, "listening, never answering")])
def test_a_service_that_hangs_is_red_within_its_deadline(book, code, says):
    book.notebook("green", *workbook.GREEN)
    book.module("hangs", code)
    book.profile("hanging", catalog="{service: tinylake_catalog, module: hangs}")
    done = book.lakebook("run", "--profile", "hanging", LAKEBOOK_TIMEOUT_SERVICE_READY="4")
    assert done.returncode == 1, done.stdout + done.stderr
    error = book.results()["results"][0]["error"]
    assert "tinylake_catalog runs, but does not answer" in error
    assert "within 4 s" in error
    assert says in error
    book.nothing_left(seconds=5)


def test_up_says_which_service_died_and_leaves_nothing(book):
    book.module("dies", DIES)
    book.profile("dying", ingestion="{service: tinylake_autoloader, module: dies}")
    done = book.lakebook("up", "--profile", "dying")
    assert done.returncode == 1
    assert "tinylake_autoloader ended with status 3" in done.stderr
    assert "no room at the inn" in done.stderr
    assert "Traceback" not in done.stderr
    book.nothing_left(seconds=5)


def test_a_service_that_dies_under_a_scenario_is_named_and_later_scenarios_are_not_executed(book):
    book.notebook(
        "a_deadly",
        "import lakebook, os, psutil\nlake = lakebook.connect(profile)",
        'os.kill(psutil.Process(lake.state.services["catalog"].pid).children()[0].pid, 9)',
        'lake.check("ING-01", got=lake.catalog.client().list_namespaces(), expected=[])',
        "lake.finish()",
    )
    book.notebook("b_green", *workbook.GREEN)
    done = book.lakebook("run", "-j", "1")
    assert done.returncode == 1, done.stdout + done.stderr
    for one in book.results()["results"]:
        assert one["verdict"] == "unknown"
        assert one["error"].startswith("tinylake_catalog ended with status 137")
    assert "not executed" in book.results()["results"][1]["error"]
    book.nothing_left(seconds=5)
