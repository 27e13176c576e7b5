"""Rows of chosen types: each value needs the whole of its type, and is read back as it was."""

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lakebook.data import events, typed
from lakebook.lake import type_names

EVERY = {"i": "int", "l": "long", "f": "float", "d": "double", "t": "string", "b": "boolean", "y": "binary"}
EVERY |= {"p": "decimal(20, 2)", "a": "list<long>", "s": "struct<label: string, n: int>"}


def test_the_columns_have_the_types_that_were_asked_for():
    schema = typed(1, 5, EVERY).rows.schema
    assert {field.name: type_names.of_arrow(field.type) for field in schema} == {"id": "long", **EVERY}


def test_an_unknown_type_is_an_error():
    with pytest.raises(KeyError, match="time"):
        typed(1, 1, {"x": "time"})


def test_a_file_holds_its_rows_as_parquet():
    file = typed(1, 20, EVERY).files[0]
    assert pq.read_table(io.BytesIO(file.content())) == file.rows


def test_ids_are_unique_over_all_batches_and_some_other_values_are_null():
    both = typed(2, 10, EVERY) + typed(1, 10, EVERY, first=2)
    assert both.rows["id"].to_pylist() == list(range(30))
    assert all(0 < both.rows[name].null_count < 30 for name in EVERY)


@pytest.mark.parametrize(("wide", "narrow"), [("long", pa.int32()), ("decimal(20, 2)", pa.decimal128(7, 2))])
def test_wide_values_do_not_fit_a_narrow_type(wide, narrow):
    for value in typed(1, 6, {"x": wide}).rows["x"].combine_chunks():
        with pytest.raises(pa.ArrowInvalid):
            value.cast(narrow)


def test_doubles_are_beyond_floats():
    doubles = typed(1, 6, {"x": "double"}).rows["x"]
    assert pc.all(pc.is_inf(doubles.cast(pa.float32()))).as_py()


def test_narrow_values_fill_their_type():
    rows = typed(1, 10, {"i": "int", "p": "decimal(7, 2)"}).rows
    assert max(filter(None, rows["i"].to_pylist())) > 2**30
    assert str(rows["p"][0]) == "99999.99"


def test_a_column_can_be_left_out_or_given_another_value():
    plain = events(1, 2)
    assert plain.without("value").rows.column_names == ["id", "timestamp", "user_id", "event_type"]
    assert plain.with_value("value", "many").rows["value"].to_pylist() == ["many", "many"]
    assert plain.with_value("note", "kept").rows["note"].to_pylist() == ["kept", "kept"]
    assert plain.with_value("value", "many").rows.column_names == plain.rows.column_names
