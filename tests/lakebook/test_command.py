"""`lakebook run` on notebooks that misbehave: each is red with its reason, and nothing of it leaks or stays."""

from __future__ import annotations

import pytest
import workbook

from lakebook.run.execute import execute
from lakebook.run.job import Job

LEAKS = (
    "import os, time, lakebook\nlake = lakebook.connect(profile)",
    'key = lake.state.services["storage"].secrets["admin_secret"]',
    'token = lake.state.services["catalog"].secrets["writer_token"]',
    "print(key)",
    'print(key[:15], end="", flush=True)\nprint(key[15:], flush=True)',
    'print(token[:15], end="", flush=True)\ntime.sleep(0.5)\nprint(token[15:], flush=True)',
    'os.system(f"echo {token}")\n{"token": token, key: [key]}',
    "from lakebook.data import events",
    'table = lake.create("orders", events(1, 10).files[0].rows)',
    "keys = lake.catalog.vend(table.identifier).keys",
    'seen = "\\n".join([key, token, keys.secret, keys.session_token])',
    'open(os.environ["SEEN_SECRETS"], "w").write(seen)',
    'lake.check("VEND-01", got={"answer": str(keys.secret), "more": keys.session_token}, expected=key)',
    'print(keys.secret[:9], end="", flush=True)\nprint(keys.secret[9:])',
    'raise ValueError(f"refused: {keys.session_token} {key}")',
)
PASSES, ABSENT = 'lake.check("ING-01", got=1, expected=1)', 'lake.check("VEND-16", got=1, expected=1)'
REASONS = {
    "dies": "the kernel died",
    "does_not_finish": "the notebook ended without lake.finish()",
    "exits": "the notebook ended without lake.finish()",
    "quits": "the kernel died",
    "raises": "RuntimeError: the moon is down",
    "hides": "the notebook could hide an error: cell 3 has the tag raises-exception",
    "allows": "the notebook could hide an error: its metadata says allow_errors",
    "lacks": "odd/lacks has no parameter files; it has profile",
    "types": "the parameter files is 2; odd/types takes list, as [1]",
    "leaks": "ValueError: refused: [secret]",
}


HALF = {
    "half": [("ING-01", "pass"), ("ING-01", "unknown"), ("VEND-16", "not_applicable")],
    "half_dies": [("ING-01", "pass"), ("ING-01", "pass"), ("ING-01", "unknown")],
    "half_loops": [("ING-01", "pass")] * 3,
}


def write_all(book):
    files, undecided = "files = 1", 'wanted = "ING-02"'
    named = "import lakebook\nlake = lakebook.connect(profile)\nprint('before')"
    book.notebook("green", *workbook.GREEN, parameters=files)
    book.notebook("dies", undecided, "print('before')", "import os\nos.kill(os.getpid(), 9)", parameters=files)
    book.notebook("does_not_finish", named, 'lake.check("ING-01", got=1, expected=1)', undecided, parameters=files)
    book.notebook("exits", undecided, "import sys\nsys.exit(0)", "print('after')", parameters=files)
    book.notebook("quits", undecided, "import os\nos._exit(0)", parameters=files)
    book.notebook("raises", undecided, "print('before')\nraise RuntimeError('the moon is down')", parameters=files)
    book.notebook("hides", undecided, "1 / 0", parameters=files, tags=["raises-exception"])
    book.notebook("allows", undecided, parameters=files, papermill={"allow_errors": True})
    book.notebook("lacks", undecided)
    book.notebook("types", undecided, parameters="files = [1]")
    book.notebook("leaks", *LEAKS, parameters=files)
    book.notebook("half", workbook.GREEN[0], PASSES, f"1 / 0\n{PASSES}\n{ABSENT}", parameters=files)
    book.notebook("half_dies", workbook.GREEN[0], PASSES, f"{PASSES}\nimport os\nos._exit(1)", parameters=files)
    book.notebook("half_loops", workbook.GREEN[0], f"for _ in range(3):\n    {PASSES}", "1 / 0", parameters=files)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A run of them all, two at once."""
    book = workbook.make(tmp_path_factory.mktemp("ran") / "book")
    write_all(book)
    done = book.lakebook("run", "-j", "2", "-p", "files=2", "-v", SEEN_SECRETS=str(book.home / "seen"))
    yield book, done
    book.nothing_left(seconds=5)
    book.end()


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    with workbook.standing(tmp_path_factory.mktemp("up") / "book") as made:
        yield made


def result(book, name):
    return next(one for one in book.results()["results"] if one["scenario"] == name)


def job(book, file, **given):
    (state,) = book.stacks()
    return Job(file, f"odd/{file.stem}", "embedded", {}, state["file"], book.home / "executed", book.home, **given)


def test_exit_status_is_1_and_one_red_does_not_colour_another(ran):
    book, done = ran
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert result(book, "green")["verdict"] == "pass"
    assert len(book.results()["results"]) == len(REASONS) + len(HALF) + 1


@pytest.mark.parametrize("name", REASONS)
def test_it_is_red_with_a_clear_reason(ran, name):
    book, _done = ran
    one = result(book, name)
    assert one["verdict"] in ("unknown", "fail")
    assert one["error"].startswith(REASONS[name])


@pytest.mark.parametrize("name", [name for name in REASONS if name != "leaks"])
def test_what_was_not_decided_is_unknown_for_that_reason(ran, name):
    checks = {one["requirement"]: one for one in result(ran[0], name)["checks"]}
    assert checks["ING-02"]["verdict"] == "unknown"
    assert checks["ING-02"]["reason"].startswith(REASONS[name])


@pytest.mark.parametrize("name", HALF)
def test_a_requirement_is_unknown_until_each_cell_that_names_it_has_ended(ran, name):
    one = result(ran[0], name)
    assert one["verdict"] == "unknown"
    assert [(check["requirement"], check["verdict"]) for check in one["checks"]] == HALF[name]
    assert all(check["reason"] for check in one["checks"] if check["verdict"] != "pass")


@pytest.mark.parametrize("name", ["dies", "raises", "does_not_finish"])
def test_the_partial_notebook_is_kept(ran, name):
    book, _done = ran
    (run,) = book.state.glob("runs/*")
    assert "before" in (run / result(book, name)["notebook"]).read_text()
    assert (run / result(book, name)["report"]).stat().st_size


def test_no_secret_is_in_anything_that_is_written_or_shown(ran):
    book, done = ran
    secrets = (book.home / "seen").read_text().split("\n")
    assert len(secrets) == 4
    pieces = {form for secret in secrets for form in (secret, secret[:15], secret[15:])}
    written = [file for file in book.state.rglob("*") if file.is_file()]
    assert any(file.name == "leaks.checks.jsonl" for file in written)
    texts = {file.name: file.read_text(errors="replace") for file in written} | {"shown": done.stdout + done.stderr}
    assert [(name, piece) for name, text in texts.items() for piece in pieces if piece in text] == []
    assert "[secret]" in texts["leaks.ipynb"]


def test_a_cell_over_time_is_red_and_keeps_what_came_before(up):
    file = up.notebook("slow_cell", "print('before')", "import time\ntime.sleep(600)")
    came = execute(job(up, file, cell_seconds=0.5))
    assert came.error == "a cell ran longer than 0.5 s"
    assert "before" in (up.home / "executed" / came.notebook).read_text()


def test_a_scenario_over_time_is_red_and_keeps_what_came_before(up):
    file = up.notebook("slow", "print('before')", *["import time\ntime.sleep(2)"] * 20)
    came = execute(job(up, file, scenario_seconds=8))
    assert came.error == "the scenario ran longer than 8 s"
    assert "before" in (up.home / "executed" / came.notebook).read_text()


def test_keep_keeps_and_clean_removes_it(up):
    make = 'from lakebook.data import events\nlake.create("orders", events(1, 10).files[0].rows)'
    file = up.notebook("kept", workbook.GREEN[0], make, *workbook.GREEN[1:])
    assert not execute(job(up, file)).red
    assert "lakebook_kept" not in up.lakebook("clean").stdout
    assert not execute(job(up, file, keep=True)).red
    assert up.lakebook("clean").stdout.startswith("removed embedded: lakebook_kept_")
    assert up.lakebook("clean").stdout == "nothing was left behind\n"
