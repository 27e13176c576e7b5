"""Values on their way to Trino and back, without a server: what is wrong here is wrong in every comparison."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lakebook.lake import trino_values

STRUCT = pa.struct([("label", pa.string()), ("n", pa.int32())])


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (pa.int32(), "INTEGER"),
        (pa.float32(), "REAL"),
        (pa.decimal128(18, 6), "DECIMAL(18, 6)"),
        (pa.timestamp("us"), "TIMESTAMP(6)"),
        (pa.timestamp("us", "UTC"), "TIMESTAMP(6) WITH TIME ZONE"),
        (pa.list_(pa.int64()), "ARRAY(BIGINT)"),
        (pa.map_(pa.string(), pa.float64()), "MAP(VARCHAR, DOUBLE)"),
        (STRUCT, 'ROW("label" VARCHAR, "n" INTEGER)'),
    ],
)
def test_a_type_has_the_same_meaning_there_and_back(kind, name):
    assert trino_values.type_name(kind) == name
    assert trino_values.arrow_type(name.lower()) == kind


def test_a_type_that_trino_lacks_is_refused():
    with pytest.raises(TypeError, match="duration"):
        trino_values.type_name(pa.duration("s"))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, pa.int64(), None),
        (True, pa.bool_(), "true"),
        (7, pa.int64(), "7"),
        (0.5, pa.float64(), "0.5"),
        (float("nan"), pa.float32(), "NaN"),
        (float("-inf"), pa.float64(), "-Infinity"),
        ("it's", pa.string(), "it's"),
        (b"\x00\xff", pa.binary(), "00ff"),
        (Decimal("1E+3"), pa.decimal128(18, 0), "1000"),
        (date(2024, 2, 29), pa.date32(), "2024-02-29"),
        (datetime.fromisoformat("2024-01-02T03:04:05.000006"), pa.timestamp("us"), "2024-01-02 03:04:05.000006"),
        (datetime(2024, 1, 2, tzinfo=UTC), pa.timestamp("us", "UTC"), "2024-01-02 00:00:00.000000 UTC"),
        ([1, None], pa.list_(pa.int64()), ["1", None]),
        ({"label": "a", "n": None}, STRUCT, ["a", None]),
        ([(1, 1.0)], pa.map_(pa.int64(), pa.float64()), {"1": "1.0"}),
    ],
)
def test_a_value_goes_there_as_a_text_of_its_shape(value, kind, text):
    assert trino_values.text(value, kind) == text


def test_texts_become_what_they_were_by_the_type_of_their_column():
    kind = pa.struct([("many", pa.list_(STRUCT)), ("by", pa.map_(pa.int64(), pa.date32()))])
    texts = 'ROW("many" ARRAY(ROW("label" VARCHAR, "n" VARCHAR)), "by" MAP(VARCHAR, VARCHAR))'
    assert trino_values.text_type(kind) == texts
    assert trino_values.from_text("c0", pa.int64()) == "CAST(c0 AS BIGINT)"
    assert trino_values.from_text("c0", pa.binary()) == "from_hex(c0)"


def test_what_the_client_gives_becomes_what_arrow_takes():
    kind = pa.struct([("many", pa.list_(STRUCT)), ("by", pa.map_(pa.string(), pa.int64()))])
    got = trino_values.arrow_value(([("a", 1), None], {"x": 1}), kind)
    assert pa.array([got], kind).to_pylist() == [{"many": [{"label": "a", "n": 1}, None], "by": [("x", 1)]}]
