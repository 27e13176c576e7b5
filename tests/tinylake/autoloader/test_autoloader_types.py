"""Wider values, narrower ones, and values that do not fit, in files whose types are their own."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinylake.autoloader.failures import Failure
from tinylake.autoloader.schema import evolution, promotion, types

if TYPE_CHECKING:
    from autoloader_service import Autoloader, Place

NARROW = pa.schema(
    [
        ("id", pa.int64()),
        ("count", pa.int32()),
        ("share", pa.float32()),
        ("price", pa.decimal128(7, 2)),
        ("parts", pa.struct([("n", pa.int32())])),
        ("list", pa.list_(pa.int32())),
        ("items", pa.list_(pa.struct([("n", pa.float32())]))),
    ]
)
WIDE = pa.schema(
    [
        ("id", pa.int64()),
        ("count", pa.int64()),
        ("share", pa.float64()),
        ("price", pa.decimal128(20, 2)),
        ("parts", pa.struct([("n", pa.int64())])),
        ("list", pa.list_(pa.int64())),
        ("items", pa.list_(pa.struct([("n", pa.float64())]))),
    ]
)
SMALL = {"count": 7, "share": 0.5, "price": Decimal("99999.99"), "parts": {"n": -1}, "list": [1, None]}
SMALL |= {"items": [{"n": 0.25}]}
LARGE = {"count": 2**40, "share": 1e300, "price": Decimal("123456789012345678.25"), "parts": {"n": 2**40}}
LARGE |= {"list": [2**40], "items": [{"n": 1e300}]}
WIDENED = {"count", "share", "price", "parts.n", "list", "items.n"}


def parquet(rows: list[dict[str, object]], schema: pa.Schema) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out)
    return out.getvalue()


def create(service: Autoloader, place: Place, policy: str = "append_new_columns") -> str:
    source = {**place.body()["source"], "file_pattern": "*.parquet"}
    return service.create(place, source=source, format={"type": "parquet"}, on_schema_change=policy)


def loaded(service: Autoloader, place: Place, policy: str = "append_new_columns") -> str:
    """An ingestion that has loaded one row of narrow types."""
    place.put("a.parquet", parquet([{"id": 1, **SMALL}], NARROW))
    ingestion = create(service, place, policy)
    assert service.run(ingestion)["status"] == "success"
    return ingestion


def changes(service: Autoloader, ingestion: str) -> list[dict[str, object]]:
    return list(service.http.get(f"/{ingestion}/schema-versions").json()[-1]["changes"])


@pytest.mark.parametrize("policy", ["append_new_columns", "sync_all_columns"])
def test_wider_values_widen_the_columns_and_keep_the_old_values(service: Autoloader, place: Place, policy: str) -> None:
    ingestion = loaded(service, place, policy)
    place.put("b.parquet", parquet([{"id": 2, **LARGE}], WIDE))
    run = service.run(ingestion)
    assert (run["status"], run["errors"]) == ("success", [])
    assert place.rows() == [{"id": 1, **SMALL}, {"id": 2, **LARGE}]
    made = changes(service, ingestion)
    assert {str(one["column_name"]) for one in made} == WIDENED
    assert {(one["change_type"], one["old_type"], one["new_type"]) for one in made} == {
        ("TYPE_CHANGE", "int", "long"),
        ("TYPE_CHANGE", "float", "double"),
        ("TYPE_CHANGE", "decimal(7, 2)", "decimal(20, 2)"),
        ("TYPE_CHANGE", "list<int>", "list<long>"),
    }
    assert service.http.get(f"/{ingestion}/schema-versions").json()[-1]["affected_files"] == [place.path("b.parquet")]


def test_narrower_values_load_into_wide_columns_and_narrow_nothing(service: Autoloader, place: Place) -> None:
    place.put("a.parquet", parquet([{"id": 1, **LARGE}], WIDE))
    ingestion = create(service, place)
    service.run(ingestion)
    before = service.lake.table(place.table).schema()
    place.put("b.parquet", parquet([{"id": 2, **SMALL}], NARROW))
    assert service.run(ingestion)["status"] == "success"
    assert service.lake.table(place.table).schema() == before
    assert place.rows() == [{"id": 1, **LARGE}, {"id": 2, **SMALL}]


def test_files_of_both_widths_in_one_run_widen_once(service: Autoloader, place: Place) -> None:
    place.put("a.parquet", parquet([{"id": 1, **SMALL}], NARROW))
    place.put("b.parquet", parquet([{"id": 2, **LARGE}], WIDE))
    ingestion = create(service, place)
    assert service.run(ingestion)["status"] == "success"
    assert place.rows() == [{"id": 1, **SMALL}, {"id": 2, **LARGE}]
    assert len(service.http.get(f"/{ingestion}/schema-versions").json()) == 1


def test_under_ignore_a_wider_file_is_in_conflict_and_changes_nothing(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place, "ignore")
    place.put("b.parquet", parquet([{"id": 2, **LARGE}], WIDE))
    (error,) = service.run(ingestion)["errors"]
    assert (error["error_type"], error["file"]) == ("type_conflict", place.path("b.parquet"))
    assert all(text in error["message"] for text in ("count", "int", "long")), error
    assert place.rows() == [{"id": 1, **SMALL}]


def test_under_fail_a_wider_file_ends_the_run_with_field_and_both_types(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place, "fail")
    place.put("b.parquet", parquet([{"id": 2, **LARGE}], WIDE))
    run = service.run(ingestion)
    assert (run["status"], run["errors"][0]["error_type"]) == ("failed", "schema_changed")
    assert "'price' (decimal(7, 2) to decimal(20, 2))" in run["errors"][0]["message"]
    assert place.rows() == [{"id": 1, **SMALL}]


@pytest.mark.parametrize("kind", [pa.uint64(), pa.time64("us"), pa.map_(pa.string(), pa.int64())])
def test_a_type_that_no_column_can_have_fails_its_file_by_name(
    service: Autoloader, place: Place, kind: pa.DataType
) -> None:
    ingestion = loaded(service, place)
    strange = pa.schema([("id", pa.int64()), ("odd", pa.struct([("x", kind)]))])
    place.put("b.parquet", parquet([{"id": 2, "odd": {"x": None}}], strange))
    place.put("c.parquet", parquet([{"id": 3, **SMALL}], NARROW))
    run = service.run(ingestion)
    (error,) = run["errors"]
    assert (run["status"], error["error_type"], error["file"]) == ("partial", "type_conflict", place.path("b.parquet"))
    assert all(text in error["message"] for text in ("'odd.x'", str(kind).partition("<")[0])), error
    assert [row["id"] for row in place.rows()] == [1, 3]


def of_json(service: Autoloader, place: Place) -> str:
    """An ingestion of JSON into a table whose column `count` was made an int by somebody else."""
    return service.create(place, on_schema_change="append_new_columns")


def test_whole_numbers_of_json_widen_an_int_column_only_where_they_do_not_fit(
    service: Autoloader, place: Place
) -> None:
    loaded(service, place)
    ingestion = of_json(service, place)
    place.put("b.json", json.dumps({"id": 2, "count": 2**31 - 1, "parts": {"n": -(2**31)}}).encode())
    assert service.run(ingestion)["status"] == "success"
    kinds = service.lake.table(place.table).schema()
    assert [str(kinds.find_type(name)) for name in ("count", "parts.n")] == ["int", "int"]
    place.put("c.json", json.dumps({"id": 3, "count": 2**31, "list": [1]}).encode())
    assert service.run(ingestion)["status"] == "success"
    kinds = service.lake.table(place.table).schema()
    assert [str(kinds.find_type(name)) for name in ("count", "parts.n")] == ["long", "int"]
    assert [row["count"] for row in place.rows()] == [7, 2**31 - 1, 2**31]


def test_a_column_that_another_client_widened_stays_wide(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    from pyiceberg.types import LongType

    with service.lake.table(place.table).update_schema() as update:
        update.update_column("count", LongType())
    place.put("b.parquet", parquet([{"id": 2, **SMALL, "count": 5}], NARROW))
    assert service.run(ingestion)["status"] == "success"
    assert [row["count"] for row in place.rows()] == [7, 5]


@pytest.mark.parametrize(
    ("column", "found", "becomes"),
    [
        (pa.int32(), pa.int64(), pa.int64()),
        (pa.float32(), pa.float64(), pa.float64()),
        (pa.decimal128(7, 2), pa.decimal128(9, 2), pa.decimal128(9, 2)),
        (pa.decimal128(7, 2), pa.decimal128(9, 1), pa.decimal128(10, 2)),
        (pa.decimal128(7, 2), pa.decimal128(9, 3), None),
        (pa.decimal128(38, 2), pa.decimal128(38, 1), None),
        (pa.int64(), pa.int32(), None),
        (pa.float64(), pa.float32(), None),
        (pa.int64(), pa.float64(), None),
        (pa.int32(), pa.float64(), None),
        (pa.string(), pa.int64(), None),
    ],
)
def test_only_what_the_format_promotes_is_promoted(
    column: pa.DataType, found: pa.DataType, becomes: pa.DataType | None
) -> None:
    assert promotion.promoted(column, found) == becomes


@pytest.mark.parametrize(
    ("column", "found", "fits"),
    [
        (pa.int64(), pa.int32(), True),
        (pa.float64(), pa.float32(), True),
        (pa.decimal128(9, 2), pa.decimal128(8, 1), True),
        (pa.decimal128(9, 2), pa.decimal128(9, 1), False),
        (pa.decimal128(9, 2), pa.decimal128(5, 3), False),
        (pa.float32(), pa.float64(), False),
        (pa.int32(), pa.int64(), False),
    ],
)
def test_a_column_holds_what_is_no_wider(column: pa.DataType, found: pa.DataType, fits: bool) -> None:
    assert types.stores(column, found) is fits


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        (pa.int32(), pa.int64(), pa.int64()),
        (pa.float32(), pa.float64(), pa.float64()),
        (pa.int64(), pa.float32(), pa.float64()),
        (pa.decimal128(5, 1), pa.decimal128(5, 3), pa.decimal128(7, 3)),
        (pa.decimal128(38, 0), pa.decimal128(38, 3), None),
        (pa.bool_(), pa.int32(), None),
    ],
)
def test_before_there_is_a_column_the_wider_type_is_taken(
    left: pa.DataType, right: pa.DataType, both: pa.DataType | None
) -> None:
    assert promotion.wider(left, right) == promotion.wider(right, left) == both


def test_a_plan_names_each_widening_with_the_files_that_bring_it() -> None:
    table, wide = (pa.struct([("id", pa.int64()), ("n", kind)]) for kind in (pa.int32(), pa.int64()))
    plan = evolution.plan(table, {"a": table, "b": wide, "c": table}, "append_new_columns")
    assert [(item.name, item.old, item.new) for item in plan.widenings] == [("n", pa.int32(), pa.int64())]
    assert plan.changed_by == {"n": ["b"]}


def test_a_widened_list_is_named_as_its_column() -> None:
    lists = (pa.list_(kind) for kind in (pa.int32(), pa.int64()))
    table, wide = (pa.struct([("m", pa.struct([("l", kind)]))]) for kind in lists)
    plan = evolution.plan(table, {"a": wide}, "append_new_columns")
    assert [item.path for item in plan.widenings] == [("m", "l", "element")]
    assert plan.changed_by == {"m.l": ["a"]}


def test_a_removal_is_named_with_the_newest_file() -> None:
    table, newest = pa.struct([("id", pa.int64()), ("n", pa.int32())]), pa.struct([("id", pa.int64())])
    plan = evolution.plan(table, {"a": table, "b": newest}, "sync_all_columns")
    assert (plan.removals, plan.changed_by) == (["n"], {"n": ["b"]})


def test_a_conflict_names_both_types_of_a_nested_field() -> None:
    table, found = (pa.struct([("m", pa.struct([("x", kind)]))]) for kind in (pa.decimal128(7, 2), pa.string()))
    with pytest.raises(Failure, match=r"'m\.x': it is decimal\(7, 2\), and the file has string"):
        types.fitted(table, found, widen=True)
