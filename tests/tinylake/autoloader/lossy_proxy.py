"""A proxy in front of the catalog, which loses the answer to a commit after the catalog has given it."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

DROP = 0
HOP_HEADERS = {"transfer-encoding", "connection", "content-encoding", "content-length", "host"}


class Faults:
    """How many commits lose their answer, and what comes instead: a status, or DROP for a closed connection."""

    def __init__(self, instead: int, times: int, *, reach_catalog: bool) -> None:
        self.instead, self.left, self.reach_catalog = instead, times, reach_catalog
        self.lost = 0
        self._lock = Lock()

    def take(self) -> bool:
        with self._lock:
            if self.left == 0:
                return False
            self.left -= 1
            self.lost += 1
            return True


@contextmanager
def lossy(upstream: str, faults: Faults) -> Iterator[str]:
    """The proxy's address."""
    client = httpx.Client(base_url=upstream, timeout=60)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            faulty = self.command == "POST" and "/tables/" in self.path and b"add-snapshot" in body and faults.take()
            if faulty and not faults.reach_catalog:
                self.answer(faults.instead, b"{}", {})
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_HEADERS}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            if not faulty:
                self.answer(answer.status_code, answer.content, dict(answer.headers))
            elif faults.instead == DROP:
                self.close_connection = True
            else:
                self.answer(faults.instead, b'{"error": {"message": "lost", "type": "Lost", "code": 500}}', {})

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP_HEADERS:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = handle_any  # noqa: N815 - http.server's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        client.close()
