"""Parsed batches on local disk between reading and writing: memory is bounded, and a rewrite needs no second read."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Self

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class Spool:
    """Batches of differing schemas in one unnamed file, which ends with the process however that ends."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="autoloader-")  # noqa: SIM115 - closed by __exit__
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def append(self, batch: pa.RecordBatch) -> int:
        """The place of the batch."""
        place = self._end
        self._file.seek(place)
        with pa.ipc.new_stream(self._file, batch.schema) as stream:
            stream.write_batch(batch)
        self._end = self._file.tell()
        return place

    def forget_from(self, place: int) -> None:
        """Give back the disk space of everything from this place on."""
        self._file.truncate(place)
        self._end = place

    @property
    def end(self) -> int:
        return self._end

    def batches(self, places: list[int]) -> Iterator[pa.RecordBatch]:
        for place in places:
            self._file.seek(place)
            yield from pa.ipc.open_stream(self._file)
