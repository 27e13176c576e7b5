"""Rows of chosen types, with values that need the whole width of each: what gets lost or rounded is seen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from lakebook.data.batch import Batch, DataFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST_INT, _LONGEST_LONG = 2**31 - 1, 2**63 - 1
_NULL_EVERY = 7
_MIDNIGHT = datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)  # before the first of all seconds
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")
_WORDS = ("", "plain", "Ünïcode ✓", 'a "quoted"\nline')

_TYPES: dict[str, tuple[pa.DataType, Callable[[int], object]]] = {
    "boolean": (pa.bool_(), lambda n: n % 2 == 0),
    "int": (pa.int32(), lambda n: _LONGEST_INT - n if n % 2 else n - _LONGEST_INT),
    "long": (pa.int64(), lambda n: _LONGEST_LONG - n if n % 2 else n - _LONGEST_LONG),
    "float": (pa.float32(), lambda n: (n + 0.5) * 2.0**100),
    "double": (pa.float64(), lambda n: (n + 0.1) * 1e300),
    "string": (pa.string(), lambda n: f"{_WORDS[n % len(_WORDS)]} {n}"),
    "binary": (pa.binary(), lambda n: bytes([0, 255, n % 256])),
    "date": (pa.date32(), lambda n: date(1969, 12, 31) + timedelta(days=n if n % 2 else -n)),
    "timestamp": (pa.timestamp("us"), lambda n: (_MIDNIGHT + timedelta(hours=n)).replace(tzinfo=None)),
    "timestamptz": (pa.timestamp("us", "UTC"), lambda n: _MIDNIGHT + timedelta(days=n, minutes=n)),
    "map<string, long>": (
        pa.map_(pa.string(), pa.int64()),
        lambda n: [(f"k{key}", _LONGEST_LONG - key) for key in range(n % 3)],
    ),
    "list<long>": (pa.list_(pa.int64()), lambda n: [n, None, _LONGEST_LONG][: n % 4]),
    "struct<label: string, n: int>": (
        pa.struct([("label", pa.string()), ("n", pa.int32())]),
        lambda n: {"label": f"part {n}", "n": None if n % 3 else n},
    ),
}


def typed(files: int, rows_per_file: int, columns: Mapping[str, str], *, first: int = 0) -> Batch:
    """Return `files` files `data/typed_N.parquet` of `rows_per_file` rows, N counting from `first`, in five digits.

    `columns` are the types by name, as Iceberg writes them: a long `id`, which counts on over all files, comes before
    them; of the others every seventh value is NULL. Raises KeyError for a type that has no values here: see `_TYPES`.
    """
    return Batch(tuple(_file(number, rows_per_file, columns) for number in range(first, first + files)))


def _file(number: int, rows: int, columns: Mapping[str, str]) -> DataFile:
    ids = range(number * rows, (number + 1) * rows)
    made = {"id": pa.array(ids, pa.int64())} | {name: _array(kind, ids) for name, kind in columns.items()}
    return DataFile(f"typed_{number:05d}.parquet", pa.table(made))


def _array(kind: str, ids: range) -> pa.Array:
    arrow, value = _decimal(kind) or _TYPES[kind]
    return pa.array([None if n % _NULL_EVERY == _NULL_EVERY - 1 else value(n) for n in ids], arrow)


def _decimal(kind: str) -> tuple[pa.DataType, Callable[[int], object]] | None:
    """Return a decimal type, and values that fill all its digits."""
    if not (found := _DECIMAL.fullmatch(kind)):
        return None
    digits, scale = int(found[1]), int(found[2])
    return pa.decimal128(digits, scale), lambda n: Decimal(10**digits - 1 - n).scaleb(-scale, Context(prec=digits))
