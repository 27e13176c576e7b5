"""Services that die or hang are named, with the end of their log, and the rest of the run goes on."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import workbook

DIES = 'import sys\nprint("first words")\nprint("no room at the inn")\nsys.exit(3)'
HANGS = "import signal\nprint('waiting for godot', flush=True)\nsignal.pause()"
PAGE = b"<html>it works</html>"
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


def where(error):
    """The place that an error names."""
    return error.split("where")[1].split()[0]


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
    assert (book.home / where(dead["error"])).exists()
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
        assert (book.home / where(one["error"])).read_text()
    assert "not executed" in book.results()["results"][1]["error"]
    book.nothing_left(seconds=5)


def test_a_service_that_hangs_under_a_scenario_is_named_in_time_and_other_profiles_go_on(book):
    book.notebook(
        "a_hanging",
        "import lakebook, os, psutil, signal\nlake = lakebook.connect(profile)",
        "service = psutil.Process(lake.state.services['catalog'].pid).children()[0]",
        "if profile == 'hanging': service.suspend()",
        'lake.check("ING-01", got=len(lake.catalog.client().list_namespaces()), expected=0)',
        "lake.finish()",
    )
    book.notebook("b_green", *workbook.GREEN)
    book.profile("hanging")
    given = {"LAKEBOOK_TIMEOUT_SERVICE_SILENT": "4", "LAKEBOOK_TIMEOUT_SERVICE_PROBE": "1"}
    done = book.lakebook("run", "--profile", "hanging", "--profile", "embedded", "-j", "1", **given)
    assert done.returncode == 1, done.stdout + done.stderr
    hung = of(book.results(), "hanging")
    assert all("tinylake_catalog hangs: it runs, but does not answer any more" in one["error"] for one in hung)
    assert "within 4 s" in hung[0]["error"]
    assert "GET" in hung[0]["error"]  # its log's last lines
    assert (book.home / where(hung[0]["error"])).read_text()
    assert hung[0]["checks"][0]["reason"] == hung[0]["error"]
    assert hung[1]["error"].startswith("not executed")
    assert [one["verdict"] for one in of(book.results(), "embedded")] == ["pass", "pass"]
    book.nothing_left(seconds=15)


@pytest.fixture
def nonsense():
    """A server that says the same to everyone, whatever was asked."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Same) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address_that_answers_nonsense_is_red_with_what_it_said_and_other_profiles_go_on(book, nonsense):
    book.notebook("green", *workbook.GREEN)
    book.profile("far", catalog=f'{{service: rest_catalog, address: "{nonsense}", warehouse: lake}}')
    book.profile("none", ingestion=f'{{service: autoloader, address: "{nonsense}"}}')
    given = {"LAKEBOOK_TIMEOUT_SERVICE_ANSWER": "1"}
    done = book.lakebook("run", *(f"--profile={name}" for name in ("far", "none", "embedded")), **given)
    assert done.returncode == 1, done.stdout + done.stderr
    (far,), (none,), (good,) = (of(book.results(), name) for name in ("far", "none", "embedded"))
    assert "what answers there is no Iceberg REST catalog" in far["error"]
    assert f"200 text/html: {PAGE.decode()}" in far["error"]
    assert "mend catalog.address in the profile" in far["error"]
    assert "autoloader does not answer" in none["error"]
    assert "somebody listens" in none["error"]
    assert good["verdict"] == "pass"
