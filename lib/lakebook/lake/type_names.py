"""The names of types as Iceberg writes them, without field ids, and with a struct's fields by name.

Their order inside a struct says nothing about the values, and engines differ in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyiceberg.types import IcebergType

_PLAIN = {
    pa.int32(): "int",
    pa.int64(): "long",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.large_string(): "string",
    pa.string_view(): "string",
    pa.bool_(): "boolean",
    pa.binary(): "binary",
    pa.large_binary(): "binary",
    pa.binary_view(): "binary",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}


def of_iceberg(kind: IcebergType) -> str:
    """Return the name of an Iceberg type."""
    from pyiceberg.types import ListType, MapType, StructType  # noqa: PLC0415 - slow to import

    match kind:
        case StructType():
            return _struct((field.name, of_iceberg(field.field_type)) for field in kind.fields)
        case ListType():
            return f"list<{of_iceberg(kind.element_type)}>"
        case MapType():
            return f"map<{of_iceberg(kind.key_type)}, {of_iceberg(kind.value_type)}>"
    return str(kind)


def of_arrow(kind: pa.DataType) -> str:
    """Return the name of the Iceberg type that holds an Arrow type."""
    if pa.types.is_struct(kind):
        return _struct((field.name, of_arrow(field.type)) for field in kind)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{of_arrow(kind.value_type)}>"
    if pa.types.is_map(kind):
        return f"map<{of_arrow(kind.key_type)}, {of_arrow(kind.item_type)}>"
    if pa.types.is_timestamp(kind) and kind.tz:
        return "timestamptz"  # whatever the zone is called: what is kept is the moment
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return _PLAIN.get(kind, str(kind))


def _struct(fields: Iterable[tuple[str, str]]) -> str:
    return f"struct<{', '.join(f'{name}: {kind}' for name, kind in sorted(fields))}>"
