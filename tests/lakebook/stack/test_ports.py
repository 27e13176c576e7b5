"""A port is given to one alone, and a server may listen on it."""

import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lakebook.errors import ConfigurationError, ServiceError
from lakebook.stack import ports

linux = pytest.mark.skipif(sys.platform != "linux", reason="ports are reserved on Linux only")
ASK = "from lakebook.stack import ports; print(ports.free())"


@pytest.fixture
def only(monkeypatch):
    """One port alone to draw from, free a moment ago."""
    port = ports.free()
    while ports._reserved and ports._reserved[-1].getsockname()[1] == port:  # noqa: SLF001 - given back
        ports._reserved.pop().close()  # noqa: SLF001
    monkeypatch.setattr(ports, "_RANGE", range(port, port + 1))
    monkeypatch.setattr(ports, "_TRIES", 1)
    return port


@linux
def test_a_port_is_not_given_twice(only):
    assert ports.free() == only
    with pytest.raises(ServiceError, match="no free port"):
        ports.free()


@linux
def test_nor_is_it_given_to_another_process(only):
    assert ports.free() == only
    ask = ASK.replace("; print", f"; ports._RANGE, ports._TRIES = range({only}, {only + 1}), 1; print")
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert "no free port" in done.stderr


def test_a_server_listens_on_a_port_that_was_given(only):
    for _again in range(2):  # it may end and be started again
        server = ThreadingHTTPServer(("127.0.0.1", ports.free() if not _again else only), BaseHTTPRequestHandler)
        with socket.create_connection(server.server_address[:2], timeout=10):
            pass
        server.server_close()


def test_a_port_on_which_something_listens_is_not_given(only):
    with socket.create_server(("127.0.0.1", only)):
        with pytest.raises(ServiceError, match="no free port"):
            ports.free()
        with pytest.raises(ConfigurationError, match="is busy"):
            ports.fixed(only, asked_by="a test")


@linux
def test_not_more_than_a_hundred_are_kept():
    for _ in range(120):
        ports.free()
    assert len(ports._reserved) <= 100  # noqa: SLF001
