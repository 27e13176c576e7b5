"""Profiles of one run: side by side where one waits, each with its own results, and none outlives an interrupt."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import workbook

from lakebook import poll
from lakebook.stack import ports

PROFILES = ("first", "second")
RUN = ("run", "-j", "2", *(word for name in PROFILES for word in ("--profile", name)))
BEGUN = """from pathlib import Path
from lakebook import poll
here = Path("{home}")
(here / f"{{profile}}.begun").touch()"""
MEETS = """poll.until(
    lambda: (here / "second.begun").exists(), what="the other profile's scenario to begin", deadline_seconds=60
)"""
WAITS = 'poll.until(lambda: False, what="an end that never comes", deadline_seconds=600)'

HANGS = """
import signal
from pathlib import Path
Path("{home}", "second.starts").touch()
signal.pause()
"""


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    for name in PROFILES:
        made.profile(name)
    yield made
    made.end()


def scenario(book, cell):
    book.notebook("waits", workbook.GREEN[0], BEGUN.format(home=book.home), cell, *workbook.GREEN[1:])


def test_a_scenario_that_waits_keeps_no_other_profile_waiting(book):
    scenario(book, MEETS)
    done = book.lakebook(*RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    found = book.results()
    assert [one["name"] for one in found["profiles"]] == list(PROFILES)
    assert [(one["profile"], one["verdict"]) for one in found["results"]] == [(name, "pass") for name in PROFILES]
    book.nothing_left()


def test_nor_does_it_under_pytest(book):
    scenario(book, MEETS)
    book.notebook("green", *workbook.GREEN)
    command = [sys.executable, "-m", "pytest", "--nbmake", "-q", *RUN[3:], "notebooks"]
    done = subprocess.run(command, cwd=book.home, env=book.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(one["scenario"], one["profile"]) for one in book.results()["results"]] == [
        (name, one) for one in PROFILES for name in ("green", "waits")
    ]
    book.nothing_left()


def test_an_interrupt_ends_every_profile_that_is_under_way(book):
    scenario(book, WAITS)
    process = book.start(*RUN)
    poll.until(
        lambda: all((book.home / f"{name}.begun").exists() for name in PROFILES),
        what="both scenarios to begin",
        deadline_seconds=workbook.ENOUGH_SECONDS,
    )
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 130
    book.nothing_left()


def test_an_interrupt_while_the_next_profiles_stack_starts_leaves_nothing(book):
    scenario(book, WAITS)
    book.module("hangs", HANGS.format(home=book.home))
    book.profile("second", catalog="{service: tinylake_catalog, module: hangs}")
    process = book.start(*RUN)
    poll.until(
        lambda: all((book.home / name).exists() for name in ("first.begun", "second.starts")),
        what="the first scenario to begin, and the second stack to be half there",
        deadline_seconds=workbook.ENOUGH_SECONDS,
    )
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 130
    assert "Traceback" not in said
    book.nothing_left()


def test_a_profile_that_does_not_start_keeps_no_other_from_running(book):
    book.module("ends", "raise SystemExit(3)")
    book.profile("first", catalog="{service: tinylake_catalog, module: ends}")
    book.notebook("green", *workbook.GREEN)
    done = book.lakebook(*RUN)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "first did not start" in done.stdout
    assert [(one["profile"], one["verdict"]) for one in book.results()["results"]] == [
        ("first", "unknown"),
        ("second", "pass"),
    ]
    book.nothing_left()


def test_profiles_that_ask_for_one_port_run_one_after_the_other(book):
    book.notebook("green", *workbook.GREEN)
    book.notebook("as_green", *workbook.GREEN)
    with socket.create_server((ports.LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    done = book.lakebook(*RUN, LAKEBOOK__CATALOG__PORT=str(port))
    assert done.returncode == 0, done.stdout + done.stderr
    book.nothing_left()
