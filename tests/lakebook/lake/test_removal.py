"""What a scenario made goes whole: namespaces in namespaces, views, tables, and files."""

import lakes
import pytest

from lakebook import s3
from lakebook.data import events
from lakebook.lake import view_requests


@pytest.fixture(scope="module")
def lake():
    with lakes.lent("removal") as lent:
        yield lent


def test_all_that_lies_in_a_namespace_goes_and_its_neighbour_stays(lake):
    catalog, home, other = lake.rest(), (lake.namespace,), ("elsewhere",)
    orders = lake.create("orders", events(1, 3).rows)
    inner = (*home, "inner")
    for namespace in (inner, (*inner, "most"), other):
        catalog.create_namespace(namespace).require(200)
    catalog.create_table((*inner, "most", "deep")).require(200)
    body = view_requests.new("SELECT 1 AS id", orders.metadata().schema(), home)
    catalog.create_view((*inner, "seen"), body).require(200)
    folder = orders.metadata().location.rpartition("/")[0]

    assert lake.remove_namespaces(lake.namespace) == [lake.namespace]
    assert catalog.load_namespace(home).status == catalog.load_namespace(inner).status == 404
    assert catalog.load_namespace(other).status == 200
    assert not [key for page in s3.keys(lake.storage, folder) for key in page]
