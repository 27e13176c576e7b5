"""Connections to servers: one that was idle is not used again, for the server may be ending it just then."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lakebook import web
from tinylake import IDLE_SECONDS


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections

    def do_GET(self):
        self.server.peers.append(self.client_address)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.peers, made.daemon_threads = [], True
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(("idle_seconds", "connections"), [(60, 1), (0, 2)])
def test_a_connection_is_used_again_only_if_it_was_not_idle_for_too_long(
    server, monkeypatch, idle_seconds, connections
):
    monkeypatch.setattr(web, "IDLE_SECONDS", idle_seconds)
    with web.client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        assert [client.get("/").status_code for _ in range(2)] == [204, 204]
    assert len(set(server.peers)) == connections


def test_clients_let_go_of_a_connection_long_before_a_server_of_ours_ends_it():
    assert web.IDLE_SECONDS < 5 < IDLE_SECONDS  # 5 s is what uvicorn and httpx both have where nothing is said
