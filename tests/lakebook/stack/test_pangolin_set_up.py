"""Setting Pangolin up, against a server that keeps what it is told as its store in memory does: what is null stays."""

from __future__ import annotations

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from lakebook.errors import ServiceError
from lakebook.known_failure import KnownFailure
from lakebook.stack import pangolin_api, services
from lakebook.stack.service import Endpoint, Site

PANGOLIN = services.get("pangolin")
KEY, OTHER_KEY = "the-secret-of-a-store", "the-secret-of-another"


class Kept(BaseHTTPRequestHandler):
    """What is there by kind and name; a change takes what is not null, and no way to give keys."""

    def do_GET(self):
        kind = self.path.partition("?")[0].rpartition("/")[2]
        if kind in self.server.said:
            return self._answer(200, self.server.said[kind])
        return self._answer(200, list(self.server.kept.setdefault(kind, {}).values()))

    def do_POST(self):
        kind, body = self.path.rpartition("/")[2], self._body()
        if kind == "login":
            return self._answer(200, {"token": "a.b.c"})
        entry = {"id": f"{kind}-{len(self.server.kept[kind])}", **body}
        self.server.kept[kind][body.get("name", body.get("username"))] = entry
        return self._answer(201, entry)

    def do_PUT(self):
        kind, name = self.path.split("/")[-2:]
        self.server.changes += 1
        entry, body = self.server.kept[kind][name], self._body()
        entry |= {field: value for field, value in body.items() if value is not None and field != "vending_strategy"}
        self._answer(200, entry)

    def log_message(self, *_):
        """Say nothing."""

    def _body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Kept)
    made.kept, made.changes = {}, 0
    made.said = {"ready": {"status": "ready"}, "openapi.json": {"info": {"version": "1.0.0"}}}
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def site(server, tmp_path, *, store="http://one:1", key=KEY, **settings):
    """A Pangolin by its address, before a store."""
    values = {"warehouse_bucket": "lake", "region": "mars"}
    storage = Endpoint(store, values, {"catalog_key": "AKID", "catalog_secret": key})
    settings = {**PANGOLIN.settings, **settings}
    address = f"http://127.0.0.1:{server.server_port}"
    return Site(tmp_path, 0, settings, {}, {"storage": storage}, address)


def test_a_second_set_up_for_the_same_store_changes_nothing(server, tmp_path):
    for _ in range(2):
        PANGOLIN.publish(site(server, tmp_path))
    assert server.changes == 0
    assert [len(server.kept[kind]) for kind in ("tenants", "users", "warehouses", "catalogs")] == [1, 1, 1, 1]


def test_a_second_set_up_for_another_store_brings_the_warehouse_there_under_its_name_and_id(server, tmp_path):
    PANGOLIN.publish(site(server, tmp_path))
    PANGOLIN.publish(site(server, tmp_path, store="http://two:2", key=OTHER_KEY))
    (warehouse,) = server.kept["warehouses"].values()
    assert (warehouse["id"], warehouse["name"]) == ("warehouses-0", "lakebook")
    assert warehouse["storage_config"]["s3.endpoint"] == "http://two:2"
    assert warehouse["storage_config"]["s3.secret-access-key"] == OTHER_KEY


@pytest.mark.parametrize(
    ("first", "then", "named"),
    [
        ("sts", "static", "vending_strategy.AwsStatic.secret_access_key is another"),
        ("sts", "client", 'vending_strategy is absent, and must be "None"'),
    ],
)
def test_a_way_to_give_keys_that_pangolin_keeps_is_refused_and_named_without_a_key(
    server, tmp_path, first, then, named
):
    PANGOLIN.publish(site(server, tmp_path, credentials=first))
    with pytest.raises(ServiceError, match="pangolin has warehouses/lakebook already, for something else") as told:
        PANGOLIN.publish(site(server, tmp_path, credentials=then))
    assert named in told.value.got
    assert KEY not in str(told.value)


def test_a_catalog_that_keeps_its_warehouse_though_none_was_asked_for_is_refused(server):
    api = pangolin_api.Api(f"http://127.0.0.1:{server.server_port}")
    lake = {"name": "lake", "storage_location": "s3://lake/pangolin", "warehouse_name": "lakebook"}
    api.as_asked("catalogs", lake)
    with pytest.raises(ServiceError) as told:
        api.as_asked("catalogs", {**lake, "warehouse_name": None})
    assert told.value.got == 'warehouse_name is "lakebook", and must be null'
    assert told.value.where.endswith("/api/v1/catalogs/lake")


def test_the_version_is_the_profiles_and_says_so_and_what_is_known_of_it_is_known(server, tmp_path):
    versions = [PANGOLIN.version(site(server, tmp_path, **stated)) for stated in ({}, {"version": "0.8.0"})]
    assert versions == ["0.6.0+stated", "0.8.0+stated"]
    assert [of_0_6_0().covers({"pangolin": version}) for version in versions] == [True, False]


def test_the_version_of_a_binary_has_its_digest(server, tmp_path, monkeypatch):
    binary = tmp_path / "pangolin_api"
    binary.write_text("#!/bin/sh")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    started = Site(tmp_path, server.server_port, PANGOLIN.settings, {}, {})
    version = PANGOLIN.version(started)
    assert version == f"0.6.0+stated.sha256.{hashlib.sha256(b'#!/bin/sh').hexdigest()[:12]}"
    assert of_0_6_0().covers({"pangolin": version})


def test_a_later_release_that_nobody_stated_is_not_taken_for_the_one_whose_failures_are_known(server, tmp_path):
    server.said["openapi.json"]["paths"] = {"404": "Catalog, table or warehouse not found"}
    version = PANGOLIN.version(site(server, tmp_path))
    assert version == "unstated: its API is described otherwise than that of 0.6.0"
    assert not of_0_6_0().covers({"pangolin": version})


def of_0_6_0():
    given = {"requirement": "ING-01", "kind": "never", "reason": "r", "link": "l"}
    return KnownFailure(**given, versions="pangolin ==0.6.0")
