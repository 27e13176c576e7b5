"""Which plain types may become which, and which one holds the values of two.

Source: Iceberg specification, schema evolution: int to long, float to double, and a decimal to one of more digits and
the same scale. Nothing else may be done to a column that has data: its old files would have to be written again.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

INTEGERS = (pa.int32(), pa.int64())
FLOATS = (pa.float32(), pa.float64())
SMALLEST_INT, LARGEST_INT = -(2**31), 2**31 - 1
MOST_DIGITS = 38


def promoted(column: pa.DataType, found: pa.DataType) -> pa.DataType | None:
    """What the column may become so that it holds every value of a found type; None where nothing will do."""
    if (column, found) in {INTEGERS, FLOATS}:
        return found
    if pa.types.is_decimal(column) and pa.types.is_decimal(found) and found.scale <= column.scale:
        return _decimal(found.precision - found.scale + column.scale, column.scale)
    return None


def holds(column: pa.DataType, found: pa.DataType) -> bool:
    """Whether a column keeps the values of a found number as they are; integers in others are tried one by one."""
    if found in INTEGERS:
        return bool(column in FLOATS or (column, found) == (pa.int64(), pa.int32()) or pa.types.is_decimal(column))
    if pa.types.is_decimal(column) and pa.types.is_decimal(found):
        digits_left = column.precision - column.scale
        return bool(found.scale <= column.scale and found.precision - found.scale <= digits_left)
    return (column, found) == (pa.float64(), pa.float32())


def wider(left: pa.DataType, right: pa.DataType) -> pa.DataType | None:
    """One type for the values of both, before there is a column; None where there is none."""
    if left == right:
        return left
    if {left, right} <= set(INTEGERS):
        return pa.int64()
    if {left, right} <= {*INTEGERS, *FLOATS}:
        return pa.float64()
    if pa.types.is_decimal(left) and pa.types.is_decimal(right):
        scale = max(left.scale, right.scale)
        return _decimal(max(left.precision - left.scale, right.precision - right.scale) + scale, scale)
    return None


def seen(column: pa.DataType | None, found: pa.Array) -> pa.DataType:
    """The type of found values, seen from the column: where that is int, longs that all fit are ints.

    Formats without types of their own give every integer as a long, and must not widen a column by that alone.
    """
    if pa.types.is_struct(found.type):
        inside = {field.name: field.type for field in column} if column and pa.types.is_struct(column) else {}
        parts = zip(found.type, found.flatten(), strict=True)
        return pa.struct([pa.field(field.name, seen(inside.get(field.name), part)) for field, part in parts])
    if pa.types.is_list(found.type):
        return pa.list_(seen(column.value_type if column and pa.types.is_list(column) else None, found.flatten()))
    return pa.int32() if (column, found.type) == INTEGERS and _fit_int(found) else found.type


def _fit_int(found: pa.Array) -> bool:
    ends = pc.min_max(found).as_py()
    return ends["min"] is None or (ends["min"] >= SMALLEST_INT and ends["max"] <= LARGEST_INT)


def _decimal(precision: int, scale: int) -> pa.DataType | None:
    return pa.decimal128(precision, scale) if precision <= MOST_DIGITS else None
