"""Addresses of the REST API are written as the catalog's configuration tells."""

import pytest

from lakebook.faults import Proxy
from lakebook.lake import rest
from lakebook.lake.catalog import Catalog
from lakebook.lake.rest import Rest
from lakebook.login import NoLogin


@pytest.fixture
def recorded():
    """A proxy before a port where nothing listens: it writes down what it is asked for."""
    proxy = Proxy("http://127.0.0.1:9")
    yield proxy
    proxy.stop()


@pytest.mark.parametrize(
    ("configuration", "separator"),
    [
        ({"overrides": {"namespace-separator": "%2E"}}, "%2E"),
        ({"defaults": {"namespace-separator": "%2E"}, "overrides": {"namespace-separator": "%3A"}}, "%3A"),
        ({"defaults": {}, "overrides": {"namespace-separator": ""}}, "%1F"),
        ({"defaults": None, "overrides": {"prefix": "main"}}, "%1F"),
        ("an error's page", "%1F"),
    ],
)
def test_the_separator_of_namespaces_is_the_one_that_is_told_or_0x1f(configuration, separator):
    assert rest.told_separator(configuration) == separator


def test_the_levels_of_a_namespace_are_joined_by_the_separator_and_each_is_quoted(recorded):
    api = Rest(Catalog(recorded.url, "w", "", {"write": NoLogin()}, {}), "%2E")
    api.load_namespace(("a/b", "c"))
    api.load_table(("a.b", "c", "t"))
    api.list_namespaces(("a", "c"))
    below = "/v1/namespaces"
    assert [exchange.path for exchange in recorded.exchanges] == [
        f"{below}/a%2Fb%2Ec",
        f"{below}/a.b%2Ec/tables/t",
        f"{below}?parent=a.c",
    ]
