"""The deciders about tables in a catalog, with one that is as it was asked for, and with each part of it lost."""

import copy

import pytest

from lakebook.checks import tables
from lakebook.lake.http import Answer

FIELDS = [
    {"id": 1, "name": "id", "type": "long", "required": True},
    {"id": 2, "name": "at", "type": "timestamptz", "required": False},
]
DAY = {"source-id": 2, "field-id": 1000, "name": "at_day", "transform": "day"}
NEWEST = {"source-id": 2, "transform": "identity", "direction": "desc", "null-order": "nulls-last"}
ASKED = {
    "schema": {"type": "struct", "schema-id": 0, "fields": FIELDS},
    "partition-spec": {"spec-id": 0, "fields": [DAY]},
    "write-order": {"order-id": 1, "fields": [NEWEST]},
    "properties": {"owner": "a"},
}
METADATA = {
    "table-uuid": "u",
    "current-schema-id": 7,
    "schemas": [
        {"schema-id": 6, "fields": []},
        {"schema-id": 7, "fields": [{**one, "id": one["id"] + 10} for one in FIELDS]},
    ],
    "default-spec-id": 1,
    "partition-specs": [{"spec-id": 1, "fields": [{**DAY, "source-id": 12}]}],
    "default-sort-order-id": 1,
    "sort-orders": [{"order-id": 1, "fields": [{**NEWEST, "source-id": 12}]}],
    "properties": {"owner": "a", "write.format": "added"},
}


def answer(change=lambda _: None):
    metadata = copy.deepcopy(METADATA)
    change(metadata)
    return Answer(200, {"metadata": metadata}, "")


def test_ids_and_added_properties_are_the_catalogs_own_affair():
    assert tables.as_asked({"created": answer(), "loaded": answer()}, ASKED).ok


@pytest.mark.parametrize(
    "wrong",
    [
        answer(lambda m: m["schemas"][1]["fields"].pop()),
        answer(lambda m: m["schemas"][1]["fields"].reverse()),
        answer(lambda m: m["schemas"][1]["fields"][1].update(type="timestamp")),
        answer(lambda m: m["schemas"][1]["fields"][0].update(required=False)),
        answer(lambda m: m.update({"current-schema-id": 6})),
        answer(lambda m: m["partition-specs"][0]["fields"][0].update(transform="hour")),
        answer(lambda m: m["partition-specs"][0]["fields"][0].update({"source-id": 11})),
        answer(lambda m: m.update({"partition-specs": [{"spec-id": 1, "fields": []}]})),
        answer(lambda m: m["sort-orders"][0]["fields"][0].update(direction="asc")),
        answer(lambda m: m.update({"sort-orders": []})),
        answer(lambda m: m["properties"].pop("owner")),
        answer(lambda m: m["properties"].update(owner="b")),
        answer(lambda m: m.update({"table-uuid": "another"})),
        Answer(404, {"error": {}}, ""),
        Answer(200, None, ""),
        Answer(200, {}, ""),
    ],
)
def test_what_is_lost_or_changed_is_red(wrong):
    assert tables.as_asked({"created": answer(), "loaded": wrong}, ASKED).ok is False


def test_no_answer_is_undecided():
    assert tables.as_asked({}, ASKED).ok is None


def test_a_purge_leaves_nothing_of_the_table_and_all_of_its_neighbour():
    assert tables.purged(3, [], ["a", "b"], ["a", "b"]).ok
    assert tables.purged(3, ["t/data/1"], ["a", "b"], ["a", "b"]).ok is False
    assert tables.purged(3, [], ["a"], ["a", "b"]).ok is False
    assert tables.purged(3, [], ["a", "c"], ["a", "b"]).ok is False


def test_a_purge_of_nothing_beside_nobody_is_undecided():
    assert tables.purged(0, [], ["a"], ["a"]).ok is None
    assert tables.purged(3, [], [], []).ok is None
