"""Gives batches of a file the shape of the table: fields by name, missing ones null, extra ones left out."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.types import is_list, name_of


def conform(batch: pa.RecordBatch, wanted: pa.Schema) -> pa.RecordBatch:
    """The batch's rows with exactly the wanted columns. Failure names a column whose values do not fit."""
    columns = {field.name: batch.column(index) for index, field in enumerate(batch.schema)}
    arrays = [_column(columns.get(field.name), field, batch.num_rows) for field in wanted]
    return pa.RecordBatch.from_arrays(arrays, schema=wanted)


def _column(found: pa.Array | None, wanted: pa.Field, rows: int) -> pa.Array:
    if found is None:
        return pa.nulls(rows, wanted.type)
    try:
        return _array(found, wanted.type)
    except pa.ArrowInvalid as error:
        message = f"type conflict in field '{wanted.name}': it is {name_of(wanted.type)}, and the file has "
        message += f"{name_of(found.type)} that it cannot hold: {error}"
        raise Failure(ErrorType.TYPE_CONFLICT, message) from error


def _array(found: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_null(found.type):
        return pa.nulls(len(found), wanted)
    if pa.types.is_struct(wanted):
        return _struct(found, wanted)
    if is_list(wanted):
        made = pa.LargeListArray if pa.types.is_large_list(wanted) else pa.ListArray
        offsets = found.offsets.cast(pa.int64() if pa.types.is_large_list(wanted) else pa.int32())
        return made.from_arrays(offsets, _array(found.values, wanted.value_type), type=wanted, mask=found.is_null())
    return pc.cast(found, wanted)


def _struct(found: pa.Array, wanted: pa.DataType) -> pa.Array:
    inside = {field.name: found.field(index) for index, field in enumerate(found.type)}
    children = [
        _array(inside[field.name], field.type) if field.name in inside else pa.nulls(len(found), field.type)
        for field in wanted
    ]
    return pa.StructArray.from_arrays(children, fields=list(wanted), mask=found.is_null())
