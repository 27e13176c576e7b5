"""A table whose metadata no client can read is a finding, not the end of a scenario: what was seen of it says why."""

from __future__ import annotations

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import lakes
import pytest

from lakebook.checks import evolution, rows
from lakebook.data import events
from lakebook.errors import ServiceError

ROWS = events(1, 5).files[0].rows
LOADED = {"metadata-location": "s3://a/b.json", "metadata": {"format-version": 2, "properties": None}}


class Unreadable(BaseHTTPRequestHandler):
    """A catalog that gives each table metadata whose properties are null."""

    def do_GET(self):
        body = {"defaults": {}, "overrides": {}} if self.path.startswith("/v1/config") else LOADED
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def lake():
    with lakes.lent("unreadable") as lent:
        yield lent


@pytest.fixture(scope="module")
def table(lake):
    with ThreadingHTTPServer(("127.0.0.1", 0), Unreadable) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        catalog = replace(lake.catalog, url=f"http://127.0.0.1:{server.server_address[1]}")
        yield replace(lake.table("orders"), catalog=catalog)
        server.shutdown()
        thread.join()


def test_its_metadata_are_an_error_that_says_what_could_not_be_read(table):
    assert table.exists()
    with pytest.raises(ServiceError, match="the metadata of orders cannot be read") as told:
        table.metadata()
    assert "AttributeError" in told.value.got


def test_it_is_not_what_it_was_and_its_rows_are_refused(lake, table):
    before = lake.create("orders", ROWS).version()
    decision = evolution.unchanged(before, table.version(), attempted="nothing")
    assert decision.ok is False
    assert "AttributeError" in decision.got["refusal"]
    same = rows.same(table.compare(ROWS))
    assert same.ok is False
    assert "AttributeError" in str(same.got)
