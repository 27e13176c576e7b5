"""Types and values between Arrow and Trino: what a column is called there, how a value gets there, and a row back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakebook.stack import trino_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot.expressions import DataType

_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
_NAMES = {
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "REAL",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
    pa.large_string(): "VARCHAR",
    pa.binary(): "VARBINARY",
    pa.large_binary(): "VARBINARY",
    pa.date32(): "DATE",
    pa.time64("us"): "TIME(6)",
    pa.timestamp("us"): "TIMESTAMP(6)",
}
_ARROW = {
    "BOOLEAN": pa.bool_(),
    "TINYINT": pa.int32(),
    "SMALLINT": pa.int32(),
    "INT": pa.int32(),
    "BIGINT": pa.int64(),
    "FLOAT": pa.float32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "CHAR": pa.string(),
    "UUID": pa.string(),
    "JSON": pa.string(),
    "VARBINARY": pa.binary(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "TIMESTAMP": pa.timestamp("us"),
    "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    "NULL": pa.null(),
}


def type_name(kind: pa.DataType) -> str:
    """Return the name of the Trino type that holds an Arrow type. Raises TypeError for one that Trino lacks."""
    return _shaped(kind, _plain_type)


def text_type(kind: pa.DataType) -> str:
    """Return the Trino type of the same shape in which every value is a text."""
    return _shaped(kind, lambda _plain: "VARCHAR")


def _shaped(kind: pa.DataType, named: Callable[[pa.DataType], str]) -> str:
    """Return the name of a type whose plain types, however deep inside, are `named` so."""
    if pa.types.is_struct(kind):
        fields = ", ".join(f"{trino_client.identifier(field.name)} {_shaped(field.type, named)}" for field in kind)
        return f"ROW({fields})"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"ARRAY({_shaped(kind.value_type, named)})"
    if pa.types.is_map(kind):
        return f"MAP({_shaped(kind.key_type, named)}, {_shaped(kind.item_type, named)})"
    return named(kind)


def _plain_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind) and kind.tz:
        return "TIMESTAMP(6) WITH TIME ZONE"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if kind not in _NAMES:
        raise TypeError(f"Trino has no type for {kind}")
    return _NAMES[kind]


def from_text(name: str, kind: pa.DataType) -> str:
    """Return the expression that makes of a column of texts, or of their shape, one of the type that holds `kind`."""
    return f"from_hex({name})" if pa.types.is_binary(kind) else f"CAST({name} AS {type_name(kind)})"


def text(value: Any, kind: pa.DataType) -> Any:
    """Return a value of an Arrow type, as `to_pylist` gives it, as JSON of texts, from which Trino makes it again.

    A statement of a thousand literals takes Trino seconds to plan; one of a single JSON text does not.
    """
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return [text(value[field.name], field.type) for field in kind]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [text(one, kind.value_type) for one in value]
    if pa.types.is_map(kind):
        return {text(key, kind.key_type): text(item, kind.item_type) for key, item in value}
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value))
        case bytes():
            return value.hex()
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value.astimezone(UTC):{_MOMENT}} UTC" if value.tzinfo else f"{value:{_MOMENT}}"
    return str(value)


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type for one that Trino states of a column, such as `array(row(a bigint))`."""
    from sqlglot.expressions import DataType  # noqa: PLC0415 - slow to import

    return _arrow_type(DataType.build(name, dialect="trino"))


def _arrow_type(kind: DataType) -> pa.DataType:
    inner = kind.expressions
    match kind.this.value:
        case "STRUCT":
            return pa.struct([(field.name, _arrow_type(field.args["kind"])) for field in inner])
        case "ARRAY":
            return pa.list_(_arrow_type(inner[0]))
        case "MAP":
            return pa.map_(_arrow_type(inner[0]), _arrow_type(inner[1]))
        case "DECIMAL":
            return pa.decimal128(*(int(one.name) for one in inner))
    return _ARROW.get(kind.this.value, pa.string())


def arrow_value(value: Any, kind: pa.DataType) -> Any:
    """Return a value that Trino's client gave as one that Arrow takes for this type."""
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: arrow_value(one, field.type) for field, one in zip(kind, value, strict=True)}
    if pa.types.is_list(kind):
        return [arrow_value(one, kind.value_type) for one in value]
    if pa.types.is_map(kind):
        return [(arrow_value(key, kind.key_type), arrow_value(item, kind.item_type)) for key, item in value.items()]
    return str(value) if pa.types.is_string(kind) else value
