"""Boundaries as Google's documentation writes them, what they allow, and what is none."""

from __future__ import annotations

import json

import pytest

from tinylake.gcs_gate import boundary
from tinylake.gcs_gate.boundary import Asked, BoundaryError

VIEWER, ADMIN = "inRole:roles/storage.objectViewer", "inRole:roles/storage.objectAdmin"
ORDERS = "resource.name.startsWith('projects/_/buckets/lake/objects/w/orders/')"
LISTED = "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('w/orders/')"


def options(*roles: str, expression: str = "", bucket: str = "lake", rules: int = 1) -> str:
    rule = {
        "availableResource": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "availablePermissions": list(roles),
        **({"availabilityCondition": {"title": "one table", "expression": expression}} if expression else {}),
    }
    return json.dumps({"accessBoundary": {"accessBoundaryRules": [rule] * rules}})


def allowed(written: str, *asked: Asked) -> list[bool]:
    return [boundary.parse(written).allows(one) for one in asked]


def test_a_condition_on_names_opens_the_objects_that_begin_so_and_no_sibling() -> None:
    places = ("w/orders/a", "w/orders2/a", "w/orders", "w/above", "x/w/orders/a")
    asked = [Asked("get", "lake", place) for place in places]
    assert allowed(options(ADMIN, expression=ORDERS), *asked) == [True, False, False, False, False]
    assert allowed(options(ADMIN, expression=ORDERS), Asked("get", "lake2", "w/orders/a")) == [False]


def test_a_listing_is_opened_by_its_prefix_alone() -> None:
    listings = [Asked("list", "lake", prefix=prefix) for prefix in ("w/orders/", "w/orders/data/", "w/orders", "")]
    assert allowed(options(VIEWER, expression=ORDERS), *listings) == [False] * 4
    both = options(VIEWER, expression=f"{ORDERS} || {LISTED}")
    assert allowed(both, *listings) == [True, True, False, False]
    assert allowed(both, Asked("get", "lake", "w/orders/a"), Asked("get", "lake", "w/orders2/a")) == [True, False]


def test_a_viewer_reads_and_an_admin_does_all_to_objects() -> None:
    asked = [Asked(one, "lake", "a") for one in ("get", "list", "create", "update", "delete")]  # type: ignore[arg-type]
    assert allowed(options(VIEWER), *asked) == [True, True, False, False, False]
    assert allowed(options(ADMIN), *asked) == [True] * 5


def test_a_quote_in_a_name_is_one_letter_of_it() -> None:
    expression = r"resource.name.startsWith('projects/_/buckets/lake/objects/it\'s/')"
    assert allowed(options(ADMIN, expression=expression), Asked("get", "lake", "it's/a")) == [True]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "[]",
        "{}",
        '{"accessBoundary": {"accessBoundaryRules": []}}',
        options("inRole:roles/storage.admin"),
        options(),
        options(ADMIN, bucket="lake/objects/w"),
        options(ADMIN, expression="true"),
        options(ADMIN, expression=f"{ORDERS} && {LISTED}"),
        options(ADMIN, expression=f"{ORDERS} ||"),
        options(ADMIN, expression=f"{ORDERS} || true"),
        options(ADMIN, expression="!" + ORDERS),
        options(ADMIN, expression="resource.name.startsWith('a') || resource.name.startsWith('b'"),
        options(VIEWER, rules=11),
        options(ADMIN, expression=f"resource.name.startsWith('{'a' * 2048}')"),
        options(ADMIN).replace("accessBoundaryRules", "rules"),
    ],
)
def test_what_is_not_understood_is_no_boundary(written: str) -> None:
    with pytest.raises(BoundaryError):
        boundary.parse(written)
