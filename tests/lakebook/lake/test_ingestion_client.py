"""The client of an ingestion service, against one that is written by hand."""

import threading
from types import SimpleNamespace

import httpx
import pytest

from lakebook.errors import ServiceError
from lakebook.lake.http import Http
from lakebook.lake.ingestion import Ingestions

METRICS = {
    "files_processed": 1,
    "records_ingested": 1,
    "bytes_read": 1,
    "bytes_written": 1,
    "duration_seconds": 0.1,
    "error_count": 0,
}
RUN = {"status": "success", "trigger": "manual", "started_at": None, "ended_at": None, "metrics": METRICS, "errors": []}
SOURCE = SimpleNamespace(description=lambda: {"type": "s3", "credentials": {"aws_secret_access_key": "hidden"}})


class Service:
    """Gives an id to each ingestion; a run is accepted once two clients ask at once, where `together`."""

    def __init__(self, *, together=False):
        self.made, self.removed, self.refuse = 0, [], False
        self.gate = threading.Barrier(2, timeout=10) if together else None

    def __call__(self, request):
        *_, last = request.url.path.rstrip("/").split("/")
        if request.method == "DELETE":
            self.removed.append(last)
            return httpx.Response(204)
        if last == "run":
            if self.gate:
                self.gate.wait()
            return httpx.Response(409 if self.refuse else 202, json={"run_id": "r1"})
        if "/runs/" in request.url.path:
            return httpx.Response(200, json={**RUN, "id": last, "ingestion_id": request.url.path.split("/")[-3]})
        self.made += 1
        return httpx.Response(201, json={"id": f"i{self.made}"})


def a_client(service):
    http = Http("a service", httpx.Client(base_url="http://service", transport=httpx.MockTransport(service)))
    return Ingestions(http, "lake", "local", "a_namespace", lambda name: SimpleNamespace(name=name))


def test_runs_of_several_ingestions_are_triggered_at_once():
    client = a_client(Service(together=True))
    made = [client.create(SOURCE, table=name) for name in ("one", "two")]
    assert [run.ingestion_id for run in client.run_at_once(made)] == ["i1", "i2"]


def test_a_run_at_once_that_is_not_accepted_is_an_error():
    service = Service(together=True)
    client = a_client(service)
    made = [client.create(SOURCE, table="one")] * 2
    service.refuse = True
    with pytest.raises(ServiceError, match="409"):
        client.run_at_once(made)


class Serial:
    """Runs one at a time: the first ends once its hold is released, the second after it. Written as a `Hold` too."""

    def __init__(self):
        self.told, self.released = [], False

    def arrived(self):
        self.told.append("held")

    def release(self):
        self.told.append("released")
        self.released = True

    def __call__(self, request):
        *_, last = request.url.path.rstrip("/").split("/")
        if last == "run":
            self.told.append("triggered")
            return httpx.Response(202, json={"run_id": f"r{self.told.count('triggered')}"})
        if "/runs/" in request.url.path:
            status = "success" if self.released else "running"
            return httpx.Response(200, json={**RUN, "status": status, "id": last, "ingestion_id": "i1"})
        return httpx.Response(201, json={"id": "i1"})


def test_a_second_run_is_triggered_while_the_first_is_held_and_may_wait_for_it():
    service = Serial()
    both = a_client(service).create(SOURCE, table="one").run_twice(service, patience_seconds=0.05)
    assert [run.id for run in both] == ["r1", "r2"]
    assert service.told == ["triggered", "held", "triggered", "released"]


def test_what_a_request_creates_against_expectation_is_removed_with_the_others():
    client = a_client(Service())
    assert client.ask("POST", "/", json={"name": "no more"}).status == 201
    assert client.ask("POST", "/", json=client.request(SOURCE, "one", name=None)).status == 201
    assert [one.id for one in client.made] == ["i1", "i2"]


def test_what_an_ingestion_keeps_of_its_request_has_no_credentials():
    made = a_client(Service()).create(SOURCE, table="one", on_schema_change="fail")
    assert "hidden" not in str(made.sent)
    assert (made.sent["on_schema_change"], made.table.name) == ("fail", "one")
