"""MongoDB by its address: asked for its version in its own protocol, and who keeps state there."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from lakebook.errors import ConfigurationError
from lakebook.stack import database, launcher, ports, services
from lakebook.stack.service import Endpoint
from lakebook.timeouts import TIMEOUTS

MONGODB = services.get("mongodb")
# {"version": "5.0.0", "ok": 1.0}, as mongo-java-server 1.47.0 sends it
DOCUMENT = b"\x02version\x00\x06\x00\x00\x005.0.0\x00\x01ok\x00" + struct.pack("<d", 1.0)
REFUSAL = b"\x02errmsg\x00\x0f\x00\x00\x00requires login\x00\x01ok\x00" + struct.pack("<d", 0.0)


def message(document):
    body = struct.pack("<IBi", 0, 0, 5 + len(document)) + document + b"\x00"
    return struct.pack("<iiii", 16 + len(body), 7, 1, 2013) + body


@contextmanager
def listening(said):
    """A listener that says this to each one who asks, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1000)
                    connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"mongodb://127.0.0.1:{server.getsockname()[1]}/?directConnection=true"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def site(address, folder=None, others=None, **settings):
    known = {**MONGODB.settings, **settings}
    return launcher.Site(folder, 0, known, {}, others or {}, address)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (message(DOCUMENT), "5.0.0"),
        (message(REFUSAL), "unstated"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", None),
        (b"", None),
        (b"\xff\xff\xff\xff" * 4, None),
    ],
)
def test_the_version_is_what_it_states_and_what_speaks_otherwise_is_not_ready(said, version):
    with listening(said) as address:
        assert MONGODB.version(site(address)) == version


def test_where_nobody_listens_it_is_not_ready():
    assert MONGODB.version(site(f"mongodb://127.0.0.1:{ports.free()}")) is None


def test_one_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("lakebook.stack.services.mongodb.TIMEOUTS", TIMEOUTS.__class__(service_probe=0.2))
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert MONGODB.version(site(f"mongodb://127.0.0.1:{server.getsockname()[1]}")) is None


def test_a_login_becomes_a_part_of_the_address_which_is_then_a_secret(tmp_path):
    given = MONGODB.publish(site("mongodb://here:1/?tls=true", user="of us", password="p@ss/word"))
    assert (given.url, given.secrets) == (
        "mongodb://here:1/?tls=true",
        {"url": "mongodb://of%20us:p%40ss%2Fword@here:1/?tls=true"},
    )
    assert "p%40ss" not in repr(given)


def test_a_service_keeps_its_state_in_a_database_of_its_own_and_one_that_cannot_in_a_file(tmp_path):
    here = MONGODB.publish(site("mongodb://here:1"))
    place = site("", tmp_path / "stack" / "catalog", {"database": here})
    assert database.mongodb(place) == ("mongodb://here:1", "stack_catalog")
    assert database.url(place) == f"sqlite:///{place.folder / 'state.db'}"


def test_a_store_in_mongodb_without_one_is_an_error_that_says_what_to_add(tmp_path):
    other = site("", tmp_path, {"database": Endpoint("postgresql://here")})
    with pytest.raises(ConfigurationError, match="there is no MongoDB"):
        database.mongodb(other)
