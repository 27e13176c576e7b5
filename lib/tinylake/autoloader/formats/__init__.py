"""Readers: one module per file format, each with `read`, which yields batches of rows with inferred types."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

SUPPORTED = ("csv", "json", "orc", "parquet")


class Reader(Protocol):
    """Turns the bytes of one file into batches of rows."""

    def __call__(self, body: Any, options: dict[str, Any], expected: pa.DataType) -> Iterator[pa.RecordBatch]:
        """Batches of bounded size. `expected` is the struct of what is known of the rows; it is a hint, not a rule."""


def reader_for(kind: str) -> Reader:
    """The reader of a format; Failure names an unknown one, and those that are known."""
    if kind not in SUPPORTED:
        message = f"format.type '{kind}' is not supported; supported: {', '.join(SUPPORTED)}"
        raise Failure(ErrorType.UNSUPPORTED_FORMAT, message)
    reader: Reader = import_module(f"{__name__}.{kind}").read
    return reader
