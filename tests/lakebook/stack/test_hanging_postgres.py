"""A PostgreSQL that hangs after the login, as with a disk that is full or far away: named within the deadline."""

from __future__ import annotations

import os
import re
import signal
import socketserver
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from socket import SHUT_WR, create_connection
from typing import TYPE_CHECKING

import pytest
import stores
import workbook

from lakebook.errors import ServiceError
from lakebook.stack import launcher
from lakebook.stack.services import postgres
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socket import socket

    from lakebook.stack.launcher import Running

_LOGGED_IN = re.compile(rb"K\x00\x00\x00\x0c(....)....Z\x00\x00\x00\x05I", re.DOTALL)  # with whom one speaks: a process
WAITS = f"""from pathlib import Path
from lakebook import poll
Path("{{hangs}}").touch()
poll.until(lambda: False, what="an end", deadline_seconds={workbook.ENOUGH_SECONDS / 2})"""


@contextmanager
def hanging(server: Running, hangs: Callable[[], bool]) -> Iterator[int]:
    """Lend the port of a way to a PostgreSQL whose process for a session is stopped once one is logged in.

    It is so as long as it `hangs`; at the end they go on. Source: PostgreSQL's protocol 3, BackendKeyData.
    """
    stopped: set[int] = set()

    def passed_on(source: socket, target: socket, *, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if answers and hangs() and (told := _LOGGED_IN.search(data)):
                    (pid,) = struct.unpack("!i", told[1])
                    stopped.add(pid)
                    os.kill(pid, signal.SIGSTOP)
                target.sendall(data)
            target.shutdown(SHUT_WR)

    class Session(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            address = (server.endpoint.values["host"], int(server.endpoint.values["port"]))
            with create_connection(address) as there:
                asks = threading.Thread(target=passed_on, args=(self.request, there), kwargs={"answers": False})
                asks.start()
                passed_on(there, self.request, answers=True)
                asks.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as relay:
        relay.daemon_threads = True
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        try:
            yield relay.server_address[1]
        finally:
            for pid in stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            relay.shutdown()


@pytest.fixture(params=stores.here("postgres"))
def server(request, tmp_path):
    with stores.running(request.param, tmp_path) as running:
        yield running


def test_one_that_hangs_after_the_login_does_not_answer(server, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "TIMEOUTS", replace(TIMEOUTS, service_probe=1))
    monkeypatch.setattr(launcher, "TIMEOUTS", replace(TIMEOUTS, service_answer=2))
    given = {"password": server.endpoint.secrets["password"]}
    with hanging(server, lambda: True) as port:
        place = stores.site("postgres", tmp_path / "used", address=f"postgresql://127.0.0.1:{port}", **given)
        with pytest.raises(ServiceError, match="postgres does not answer"):
            stores.start(place, tmp_path)


def test_one_that_hangs_when_a_database_is_asked_for_is_an_error_that_names_it(server, monkeypatch):
    monkeypatch.setattr(postgres, "TIMEOUTS", replace(TIMEOUTS, database=1))
    with hanging(server, lambda: True) as port:
        there = replace(server.endpoint, values={**server.endpoint.values, "port": str(port)})
        with pytest.raises(ServiceError, match="PostgreSQL does not answer createdb one") as told:
            postgres.database(there, "one")
        assert "within 1 s" in str(told.value)


def test_one_that_hangs_under_a_scenario_is_named_and_the_scenario_is_broken_off(server, tmp_path):
    book = workbook.make(tmp_path / "book")
    hangs = book.home / "hangs"
    book.notebook("waits", workbook.GREEN[0], WAITS.format(hangs=hangs), *workbook.GREEN[1:])
    given = {f"LAKEBOOK_TIMEOUT_SERVICE_{name}": seconds for name, seconds in (("SILENT", "4"), ("PROBE", "1"))}
    given |= {"LAKEBOOK_TIMEOUT_SERVICE_ANSWER": "2", "LAKEBOOK_TIMEOUT_DATABASE": "2"}
    try:
        with hanging(server, hangs.exists) as port:
            address, password = f"postgresql://127.0.0.1:{port}", server.endpoint.secrets["password"]
            book.profile("far", database=f'{{service: postgres, address: "{address}", password: "{password}"}}')
            done = book.lakebook("run", "--profile", "far", **given)
        assert done.returncode == 1, done.stdout + done.stderr
        (result,) = book.results()["results"]
        assert result["error"].startswith("postgres does not answer")
        assert f"127.0.0.1:{port}" in result["error"]
        assert result["seconds"] < workbook.ENOUGH_SECONDS / 2
        book.nothing_left()
    finally:
        book.end()
