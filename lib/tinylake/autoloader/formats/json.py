"""Newline-delimited JSON. Arrow takes ISO times for timestamps, with no way out; so these are read again as text."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.json as pa_json

from tinylake.autoloader.formats.json_faults import failure_of
from tinylake.autoloader.schema.types import is_list, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 1024 * 1024  # parsed side by side
NOTHING = pa.RecordBatch.from_arrays([], names=[])


def read(body: Any, options: dict[str, Any], expected: pa.DataType) -> Iterator[pa.RecordBatch]:
    """The rows, block by block. Failure names the line of the first malformed record, or the types in conflict."""
    texts = _texts(expected)
    whole = bool(options.get("multiline"))
    line = 1
    for block in [body.read()] if whole else _blocks(body):
        try:
            batch, texts = _parse(block, texts, whole)
        except pa.ArrowInvalid as error:
            raise failure_of(str(error), block, line, expected) from error
        line += block.count(b"\n")
        if batch.num_rows:
            yield batch


def _blocks(body: Any) -> Iterator[bytes]:
    """Pieces of whole lines; while one is parsed, the next is fetched."""
    rest = b""
    with ThreadPoolExecutor(1) as ahead:
        fetched = ahead.submit(body.read, BLOCK_BYTES)
        while chunk := fetched.result():
            fetched = ahead.submit(body.read, BLOCK_BYTES)
            head, newline, tail = (rest + chunk).rpartition(b"\n")
            rest = tail
            if newline:
                yield head + newline
    if rest:
        yield rest


def _parse(block: bytes, texts: pa.DataType, whole: bool) -> tuple[pa.RecordBatch, pa.DataType]:
    if not whole:
        with suppress(pa.ArrowInvalid):  # what is wrong, or longer than a piece, is read again in one piece
            return _parse_pieces(block, texts, PIECE_BYTES, whole)
    return _parse_pieces(block, texts, len(block) + 1, whole)


def _parse_pieces(block: bytes, texts: pa.DataType, piece: int, whole: bool) -> tuple[pa.RecordBatch, pa.DataType]:
    batch = _batch(block, texts, piece, whole)
    if times := _times(batch.schema):
        texts = _both(texts, times)
        batch = _batch(block, texts, piece, whole)
    return batch, texts


def _batch(block: bytes, texts: pa.DataType, piece: int, whole: bool) -> pa.RecordBatch:
    if not block.strip():
        return NOTHING
    table = pa_json.read_json(
        io.BytesIO(block),
        read_options=pa_json.ReadOptions(block_size=piece, use_threads=True),
        parse_options=pa_json.ParseOptions(explicit_schema=pa.schema(list(texts)), newlines_in_values=whole),
    )
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else NOTHING


def _texts(kind: pa.DataType) -> pa.DataType:
    """What of a struct is known to be text: the only hint that Arrow can be given without forbidding it to widen."""
    kept = [pa.field(field.name, inner) for field in kind if (inner := _text_parts(field.type)) is not None]
    return pa.struct(kept)


def _text_parts(kind: pa.DataType) -> pa.DataType | None:
    if is_text(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        inner = _texts(kind)
        return inner if inner.num_fields else None
    if is_list(kind):
        inner = _text_parts(kind.value_type)
        return None if inner is None else pa.list_(inner)
    return None


def _times(schema: pa.Schema) -> pa.DataType | None:
    """The fields that Arrow took for timestamps, as text; None if there are none."""
    return _text_parts(_only_times(pa.struct(list(schema))) or pa.struct([]))


def _only_times(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_timestamp(kind):
        return kind
    if pa.types.is_struct(kind):
        kept = [pa.field(field.name, inner) for field in kind if (inner := _only_times(field.type)) is not None]
        return pa.struct(kept) if kept else None
    if is_list(kind):
        inner = _only_times(kind.value_type)
        return None if inner is None else pa.list_(inner)
    return None


def _both(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(left) and pa.types.is_struct(right):
        theirs = {field.name: field.type for field in right}
        mine = [pa.field(field.name, _both(field.type, theirs.pop(field.name, field.type))) for field in left]
        return pa.struct([*mine, *(pa.field(name, kind) for name, kind in theirs.items())])
    if is_list(left) and is_list(right):
        return pa.list_(_both(left.value_type, right.value_type))
    return left
