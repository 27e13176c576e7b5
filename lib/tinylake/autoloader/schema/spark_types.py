"""Iceberg's types as Spark's SQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyiceberg.types import DecimalType, ListType, StructType

if TYPE_CHECKING:
    from pyiceberg.schema import Schema
    from pyiceberg.types import IcebergType

NAMES = {"long": "BIGINT", "timestamp": "TIMESTAMP_NTZ", "timestamptz": "TIMESTAMP"}  # the others are called alike


def ddl(schema: Schema) -> str:
    """A schema as the list of columns that Spark's readers take."""
    return ", ".join(f"{_quoted(field.name)} {name_of(field.field_type)}" for field in schema.fields)


def name_of(kind: IcebergType) -> str:
    match kind:
        case StructType():
            inner = ", ".join(f"{_quoted(field.name)}: {name_of(field.field_type)}" for field in kind.fields)
            return f"STRUCT<{inner}>"
        case ListType():
            return f"ARRAY<{name_of(kind.element_type)}>"
        case DecimalType():
            return f"DECIMAL({kind.precision}, {kind.scale})"
    return NAMES.get(str(kind), str(kind).upper())


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
