"""Delimited text. Integers, floats and booleans are inferred; times and dates stay text, as in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.types import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_BYTES = 8 * 1024 * 1024
KEPT = (pa.int64(), pa.float64(), pa.bool_(), pa.null())


def read(body: Any, options: dict[str, Any], expected: pa.DataType) -> Iterator[pa.RecordBatch]:
    """The file's rows; it is held in memory, because a column's type is known only at its last row."""
    text = body.read()
    if not text.strip():
        return
    known = {field.name: field.type for field in expected if is_text(field.type)}
    try:
        table = _table(text, options, known)
        strange = {field.name: pa.string() for field in table.schema if field.type not in KEPT}
        if any(field.type != pa.string() for field in table.schema if field.name in strange):
            table = _table(text, options, {**known, **strange})
    except pa.ArrowInvalid as error:
        raise Failure(ErrorType.MALFORMED_RECORD, f"malformed record: {error}") from error
    yield from table.to_batches()


def _table(text: bytes, options: dict[str, Any], types: dict[str, pa.DataType]) -> pa.Table:
    return pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(
            block_size=max(len(text) + 1, BLOCK_BYTES), autogenerate_column_names=not options.get("header", True)
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=options.get("delimiter") or ",",
            quote_char=options.get("quote") or '"',
            newlines_in_values=bool(options.get("multiline")),
        ),
        convert_options=pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
