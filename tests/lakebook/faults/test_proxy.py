"""The proxy passes on what comes, writes it down, and injects exactly what it was told."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from lakebook import faults
from lakebook.faults import Match, Proxy


class Echo(BaseHTTPRequestHandler):
    """Answers with the request line, the Host header and the body; says how often it was asked."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        self.server.asked.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = f"{self.command} {self.path} {self.headers['Host']} ".encode() + body
        self.send_response(201)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Of-Upstream", "yes")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815 - the names of http.server


@contextmanager
def upstream():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def served():
    """An upstream and a proxy in front of it."""
    with upstream() as server:
        proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
        yield server, proxy
        proxy.stop()


ANY_GET = Match("GET")


def test_it_passes_on_the_request_as_it_came(served):
    _, proxy = served
    answer = httpx.put(f"{proxy.url}/a%2Fb/c?x=%20y&z", content=b"body")
    host = proxy.url.removeprefix("http://")
    assert (answer.status_code, answer.headers["x-of-upstream"]) == (201, "yes")
    assert answer.text == f"PUT /a%2Fb/c?x=%20y&z {host} body"


def test_the_answer_to_head_has_its_length_and_no_body(served):
    _, proxy = served
    assert int(httpx.head(f"{proxy.url}/x").headers["content-length"]) > 0


def test_a_large_body_passes(served):
    _, proxy = served
    assert len(httpx.put(f"{proxy.url}/x", content=b"y" * 20_000_000, timeout=60).content) > 20_000_000


def test_the_record_says_what_was_answered_and_what_was_told(served):
    _, proxy = served
    proxy.inject(faults.answer(ANY_GET, 503))
    assert [httpx.get(f"{proxy.url}/{n}").status_code for n in range(2)] == [503, 201]
    assert [(one.number, one.upstream, one.client, one.fault) for one in proxy.exchanges] == [
        (1, 201, 503, "503 after it took effect"),
        (2, 201, 201, ""),
    ]


def test_a_fault_before_it_takes_effect_does_not_reach_the_service(served):
    server, proxy = served
    proxy.inject(faults.answer(ANY_GET, 500, reached=False))
    assert httpx.get(proxy.url).status_code == 500
    assert (server.asked, proxy.exchanges[0].upstream) == ([], None)


@pytest.mark.parametrize("reached", [True, False])
def test_a_dropped_answer_closes_the_connection(served, reached):
    server, proxy = served
    proxy.inject(faults.drop(ANY_GET, reached=reached))
    with pytest.raises(httpx.TransportError):
        httpx.get(proxy.url)
    (line,) = proxy.exchanges
    assert (line.client, len(server.asked)) == ("dropped", int(reached))


def test_a_fault_applies_as_often_as_it_says_and_to_what_matches(served):
    _, proxy = served
    proxy.inject(faults.answer(Match("PUT", r"/one\b", "needle"), 502, times=2))
    asked = [
        ("PUT", "/one", b"a needle"),
        ("PUT", "/one", b"hay"),
        ("POST", "/one", b"needle"),
        ("PUT", "/two", b"needle"),
    ]
    assert [httpx.request(m, proxy.url + p, content=b).status_code for m, p, b in asked] == [502, 201, 201, 201]
    assert [httpx.put(f"{proxy.url}/one", content=b"needle").status_code for _ in range(2)] == [502, 201]


def test_a_delay_lets_its_seconds_pass_after_the_service_has_answered(served):
    _, proxy = served
    proxy.inject(faults.delay(ANY_GET, 0.3))
    assert httpx.get(proxy.url).status_code == 201
    assert proxy.exchanges[0].seconds >= 0.3


def test_what_is_held_goes_on_once_released(served):
    server, proxy = served
    held = proxy.inject(faults.hold(ANY_GET))
    answers = []
    client = threading.Thread(target=lambda: answers.append(httpx.get(proxy.url).status_code))
    client.start()
    held.arrived()
    assert (server.asked, answers) == ([], [])
    assert httpx.put(proxy.url).status_code == 201  # others pass meanwhile
    held.release()
    client.join()
    assert answers == [201]


def test_clear_releases_what_is_held_and_forgets_the_rest(served):
    _, proxy = served
    proxy.inject(faults.hold(ANY_GET))
    proxy.inject(faults.answer(Match("PUT"), 500, times=99))
    client = threading.Thread(target=lambda: httpx.get(proxy.url))
    client.start()
    proxy.clear()
    client.join(30)
    assert not client.is_alive()
    assert httpx.put(proxy.url).status_code == 201


@pytest.mark.parametrize(
    ("when", "reached", "told"), [("before", 0, "dropped"), ("after", 1, "dropped"), ("answered", 1, 201)]
)
def test_a_kill_comes_at_its_moment(served, when, reached, told):
    server, proxy = served
    killed = threading.Event()
    seen = []

    def kill():
        seen.append(len(server.asked))
        killed.set()

    proxy.inject(faults.kill(ANY_GET, kill, when=when))
    if told == "dropped":
        with pytest.raises(httpx.TransportError):
            httpx.get(proxy.url)
    else:
        assert httpx.get(proxy.url).status_code == told
    assert killed.wait(30)
    assert (seen, len(server.asked), proxy.exchanges[0].client) == ([reached], reached, told)


def test_addresses_in_answers_are_replaced():
    with upstream() as server:
        proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}", {"http://store:9000": "http://127.0.0.1:1"})
        assert "http://127.0.0.1:1/x" in httpx.put(proxy.url, content=b'"http://store:9000/x"').text
        proxy.stop()


def test_a_service_that_is_not_there_is_a_502_and_stands_in_the_record():
    with upstream() as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
    proxy = Proxy(address)
    assert httpx.get(proxy.url).status_code == 502
    assert (proxy.exchanges[0].upstream, proxy.exchanges[0].client) == (None, 502)
    proxy.stop()


def test_signatures_are_not_written_down(served):
    _, proxy = served
    httpx.get(f"{proxy.url}/x?X-Amz-Signature=abc&y=1&X-Amz-Security-Token=def")
    assert proxy.exchanges[0].path == "/x?X-Amz-Signature=[secret]&y=1&X-Amz-Security-Token=[secret]"


def test_a_stopped_proxy_listens_no_longer_and_leaves_no_thread(served):
    _, proxy = served
    proxy.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(proxy.url)
    assert not [thread for thread in threading.enumerate() if thread.name == f"proxy of {proxy.upstream}"]
    proxy.stop()  # a second time is nothing


def test_a_fault_must_tell_its_client_something():
    with pytest.raises(ValueError, match="status or a closed connection"):
        faults.Fault("silent", ANY_GET, reached=False)


@pytest.mark.parametrize(
    ("match", "request_line", "body", "applies"),
    [
        (faults.COMMIT, "POST /v1/lake/namespaces/n/tables/t", b'{"updates": [{"action": "add-snapshot"}]}', True),
        (faults.COMMIT, "POST /v1/lake/namespaces/n/tables/t", b'{"updates": [{"action": "add-schema"}]}', False),
        (faults.COMMIT, "POST /v1/lake/namespaces/n/tables", b'"add-snapshot"', False),
        (faults.LOAD, "GET /v1/lake/namespaces/n/tables/t?snapshots=all", b"", True),
        (faults.LOAD, "GET /v1/lake/namespaces/n/tables", b"", False),
        (faults.DROP_TABLE, "DELETE /v1/lake/namespaces/n/tables/t?purgeRequested=True", b"", True),
        (faults.DROP_TABLE, "DELETE /v1/lake/namespaces/n", b"", False),
        (faults.UPLOAD, "PUT /bucket/t/data/a.parquet", b"", True),
        (faults.UPLOAD, "POST /bucket/t/data/a.parquet?uploads", b"", True),
        (faults.UPLOAD, "PUT /bucket/t/metadata/m0.avro", b"", False),
        (faults.LISTING, "GET /bucket?list-type=2&prefix=a%2F", b"", True),
        (faults.LISTING, "GET /bucket/key", b"", False),
        (faults.DOWNLOAD, "GET /bucket/folder/key.json", b"", True),
        (faults.DOWNLOAD, "GET /bucket?list-type=2&prefix=a", b"", False),
    ],
)
def test_the_ready_made_matches_mean_what_they_say(match, request_line, body, applies):
    method, path = request_line.split()
    assert match.applies(method, path, body) is applies
