"""Services that stacks share, as real processes: moto's server in the place of those that are slow to start."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import lakes
import pytest
import stores

from lakebook import poll, profile, project
from lakebook.errors import ServiceError
from lakebook.profile import Role
from lakebook.stack import pool, ports, services, stack
from lakebook.stack.services import moto

SERVICE = replace(services.get("moto"), shared=True)
ROLE = Role("moto", {})


@pytest.fixture(autouse=True)
def no_other_stacks(monkeypatch):
    """The pool as in a new process: the scenarios that this worker ran before keep their shared services to its end."""
    monkeypatch.setattr(pool, "_keepers", 0)
    monkeypatch.setattr(pool, "_shared", {})


@pytest.fixture
def logs():
    """A folder for logs that errors name, below the workbook's."""
    folder = project.state() / "logs" / f"test-of-the-pool-{os.getpid()}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def kept(folder, error):
    """The log that an error names: it is in this folder."""
    log = project.root() / error.where
    assert log.parent == folder
    return log.read_text()


def take(role=ROLE, keep_log=Path()):
    return pool.take(role, SERVICE, lambda _process: None, keep_log=keep_log)


def release(role=ROLE):
    pool.release(role, SERVICE)


def folders():
    return list((project.state() / "stacks").glob("shared-moto-*"))


def die(running):
    running.kill()
    poll.until(lambda: not running.process.alive(), what="its end", deadline_seconds=30)


def test_two_stacks_at_once_share_one_which_ends_with_the_last():
    before = folders()
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda _: take(), range(2))
    assert one.process.pid == other.process.pid
    release()
    assert one.process.alive()
    release()
    assert not one.process.alive()
    assert folders() == before


def test_other_settings_are_another_service():
    other_role = Role("moto", {"port": ports.free()})
    one, other = take(), take(other_role)
    assert one.process.pid != other.process.pid
    release()
    assert (one.process.alive(), other.process.alive()) == (False, True)
    release(other_role)


def test_one_that_is_kept_stays_between_stacks_and_is_started_anew_once_it_was_killed():
    before = folders()
    with pool.kept():
        first = take()
        release()
        assert first.process.alive()
        assert take().process.pid == first.process.pid
        release()
        die(first)
        second = take()
        assert second.process.pid != first.process.pid
        assert second.process.alive()
        release()
    assert not second.process.alive()
    assert folders() == before


def test_one_that_dies_under_a_stack_is_named_with_its_logs_end_which_the_next_does_not_take_away():
    first = take()
    die(first)
    take()
    with pytest.raises(ServiceError, match="moto ended with status") as told:
        first.require_alive()
    assert "the end of its log" in str(told.value)
    assert first.process.log.exists()
    release()
    release()
    assert not first.process.log.exists()


def test_one_that_does_not_start_leaves_its_log_alone_where_the_error_says(logs):
    before = folders()
    wrong = Role("moto", {"module": "moto.nothing_of_that_name"})
    with pytest.raises(ServiceError, match="moto ended with status") as told:
        take(wrong, logs)
    assert "No module named moto.nothing_of_that_name" in str(told.value)
    assert "No module named moto.nothing_of_that_name" in kept(logs, told.value)
    assert folders() == before


def test_one_that_cannot_be_set_up_for_a_stack_leaves_its_log_where_the_error_says(logs, monkeypatch):
    def without_room(_site):
        raise OSError("no room at the inn")

    before = folders()
    monkeypatch.setattr(moto, "SERVICE", replace(SERVICE, publish=without_room))
    with pytest.raises(ServiceError, match="moto could not be set up") as told:
        stack.start(profile.load("embedded"), keep_logs=logs)
    assert kept(logs, told.value)
    assert folders() == before


@pytest.mark.parametrize("kind", stores.here("spark"))
def test_a_spark_that_does_not_start_leaves_its_log_where_the_error_says(kind, logs):
    with pytest.raises(ServiceError, match="spark ended with status") as told:
        stack.start(lakes.changed(engine={"service": kind, "heap_megabytes": "1"}), keep_logs=logs)
    assert "Too small maximum heap" in kept(logs, told.value)
