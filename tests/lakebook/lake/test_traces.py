"""What a scenario leaves behind for others to read."""

from types import SimpleNamespace

import httpx
import pytest

from lakebook.lake import traces
from lakebook.lake.record import VARIABLE


@pytest.fixture
def client():
    def answered(request):
        return httpx.Response(201, headers={"x-key": "in a header"}, json={"path": request.url.path})

    with httpx.Client(base_url="http://service", transport=httpx.MockTransport(answered)) as client:
        yield client


def test_every_answer_is_heard_with_its_status_headers_and_body(client):
    client.get("/before")
    heard = traces.heard_by(client)
    client.get("/one")
    client.post("/two")
    assert [one.request for one in heard] == ["GET /one", "POST /two"]
    for said in ("201", "x-key: in a header", '{"path":"/one"}'):
        assert said in heard[0].text
    assert list(traces.answers(heard)) == ["answer 1: GET /one", "answer 2: POST /two"]


def test_what_is_heard_does_not_show_itself(client):
    heard = traces.heard_by(client)
    client.get("/one")
    assert "in a header" not in repr(heard)


def test_a_service_without_a_log_here_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEBOOK_HOME", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "a.log").write_text("started")
    assert traces.log(SimpleNamespace(kind="a", log=str(tmp_path / "a.log"))) == {"log of a": "started"}
    assert traces.log(SimpleNamespace(kind="a", log="")) == {}


def test_a_log_that_should_be_there_and_is_not_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        traces.log(SimpleNamespace(kind="a", log=str(tmp_path / "gone.log")))


def test_the_report_is_the_executed_notebook_and_its_checks_so_far(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "one.checks.jsonl"))
    (tmp_path / "one.ipynb").write_text("{}")
    assert traces.report() == {"report: one.checks.jsonl": "", "report: one.ipynb": "{}"}


def test_without_a_run_there_is_no_report(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert traces.report() == {}
