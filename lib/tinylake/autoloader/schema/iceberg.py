"""Between Arrow's types and Iceberg's."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
)

from tinylake.autoloader.schema.types import is_list, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIMITIVES: dict[str, IcebergType] = {
    "int": IntegerType(),
    "long": LongType(),
    "float": FloatType(),
    "double": DoubleType(),
    "boolean": BooleanType(),
    "string": StringType(),
    "binary": BinaryType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "timestamptz": TimestamptzType(),
}


def row_type(schema: Schema) -> pa.DataType:
    """A table's schema as the Arrow struct of one row."""
    return pa.struct(list(schema_to_pyarrow(schema, include_field_ids=False)))


def file_schema(schema: Schema) -> pa.Schema:
    """The Arrow schema of a data file: with field ids, by which every reader finds its columns."""
    converted: pa.Schema = schema_to_pyarrow(schema, include_field_ids=True)
    return converted


def new_schema(row: pa.DataType) -> Schema:
    """An Iceberg schema for a new table; the catalog gives the final ids."""
    ids = count(1)
    return Schema(*_fields(row, ids))


def iceberg_type(kind: pa.DataType, ids: Iterator[int] | None = None) -> IcebergType:
    ids = ids or count(1)
    if pa.types.is_struct(kind):
        return StructType(*_fields(kind, ids))
    if is_list(kind):
        return ListType(next(ids), iceberg_type(kind.value_type, ids), element_required=False)
    if pa.types.is_decimal(kind):
        return DecimalType(kind.precision, kind.scale)
    return PRIMITIVES[name_of(kind)]


def _fields(kind: pa.DataType, ids: Iterator[int]) -> list[NestedField]:
    return [
        NestedField(field_id=next(ids), name=field.name, field_type=iceberg_type(field.type, ids), required=False)
        for field in kind
    ]
