"""A second set-up, by a service whose API is a dict: it makes what is not there, and lists what is."""

import pytest

from lakebook.errors import ConfigurationError
from lakebook.lake import set_up
from lakebook.stack import services
from lakebook.stack.service import Endpoint, Service
from lakebook.stack.state import Owner, ServiceState, StackState


@pytest.fixture
def state(tmp_path):
    running = ServiceState("kept", "http://here", "1", 0, "", 0.0, {"warehouse": "w"}, {"root": "secret"})
    return StackState("p", tmp_path, Owner(1, 0.0), False, {"catalog": running}, frozenset(), {})


def a_service(made, **changed):
    def publish(site):
        made.setdefault("w", {"id": str(len(made)), "name": "w", "told": site.secrets["root"]})
        return Endpoint(site.url, {"warehouse": "w"})

    known = {"inventory": lambda _: {"catalogs": list(made.values())}, "publish": publish, **changed}
    return Service(kind="kept", sentence="", needs=(), launch=None, version=lambda _: "1", **known)


def test_it_is_published_again_where_it_runs_and_asked_before_and_after(state, monkeypatch):
    made = {}
    monkeypatch.setattr(services, "get", lambda _: a_service(made))
    first, second = set_up.again(state), set_up.again(state)
    assert (first.before, len(first.after["catalogs"])) == ({"catalogs": []}, 1)
    assert first.after == second.before == second.after
    assert second.same_address
    assert made["w"]["told"] == "secret"


def test_another_address_is_told(state, monkeypatch):
    elsewhere = a_service({}, publish=lambda _: Endpoint("http://there", {"warehouse": "w"}))
    monkeypatch.setattr(services, "get", lambda _: elsewhere)
    assert not set_up.again(state).same_address


def test_a_service_without_such_an_api_is_refused_by_name(state, monkeypatch):
    monkeypatch.setattr(services, "get", lambda _: a_service({}, inventory=None))
    with pytest.raises(ConfigurationError, match="kept is not set up"):
        set_up.again(state)
    assert set_up.nothing(state).before == {}
