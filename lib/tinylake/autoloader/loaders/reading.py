"""Reads a run's files into the spool; a bad file fails alone."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tinylake.autoloader.failures import ErrorType, Failure, error_of
from tinylake.autoloader.formats import Reader, reader_for
from tinylake.autoloader.formats.compression import decompressed
from tinylake.autoloader.schema import promotion, types
from tinylake.autoloader.source import failure_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tinylake.autoloader.failures import RunError
    from tinylake.autoloader.loaders.spool import Spool
    from tinylake.autoloader.source import Source
    from tinylake.autoloader.store.files import SourceFile

EMPTY = pa.struct([])
OF_ONE_FILE = {
    ErrorType.MALFORMED_RECORD,
    ErrorType.TYPE_CONFLICT,
    ErrorType.MISSING_FILE,
    ErrorType.CHANGED_FILE,
    ErrorType.ACCESS_DENIED,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read, and where their rows are kept."""

    reader: Reader
    options: dict[str, Any]
    source: Source
    spool: Spool


@dataclass(frozen=True, slots=True)
class FileRows:
    """One file's rows: where they lie in the spool, how many, and their type."""

    file: SourceFile
    places: list[int]
    rows: int
    row_type: pa.DataType


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a run's files, oldest first."""

    files: dict[str, FileRows] = field(default_factory=dict)
    errors: list[RunError] = field(default_factory=list)


def read_files(
    source: Source, kind: Mapping[str, Any], files: Sequence[SourceFile], table: pa.DataType | None, spool: Spool
) -> Read:
    """Every file's rows or error. Failure for what concerns the whole source: keys, bucket, address."""
    reading = Reading(reader_for(str(kind.get("type"))), dict(kind.get("options") or {}), source, spool)
    found, expected = Read(), table or EMPTY
    for file in files:
        start = spool.end
        try:
            rows = read_file(reading, file, expected)
        except Failure as failure:
            if failure.error_type not in OF_ONE_FILE:
                raise
            spool.forget_from(start)
            found.errors.append(error_of(file.path, named(file.path, failure)))
            continue
        found.files[file.path] = rows
        expected = table or rows.row_type
    return found


def named(path: str, failure: Failure) -> Failure:
    """The failure, with the file's path in its message."""
    message = failure.message if path in failure.message else f"{failure.message} ({path})"
    return Failure(failure.error_type, message)


def read_file(reading: Reading, file: SourceFile, expected: pa.DataType) -> FileRows:
    """One file's rows, read once."""
    kind, places, rows = EMPTY, [], 0
    for batch in batches(reading, file, expected):
        found = promotion.seen(expected, batch.to_struct_array())
        kind = types.merge(kind, types.known(found) or EMPTY)
        places.append(reading.spool.append(batch))
        rows += batch.num_rows
    return FileRows(file, places, rows, kind)


def batches(reading: Reading, file: SourceFile, expected: pa.DataType) -> Iterator[pa.RecordBatch]:
    """A file's batches; whatever goes wrong on the way is a Failure that names it."""
    source, options = reading.source, reading.options
    body = source.body(file.path, file.etag)
    try:
        yield from reading.reader(decompressed(body, file.path, options.get("compression")), options, expected)
    except (EOFError, zlib.error, UnicodeDecodeError, pa.ArrowException) as error:
        message = f"malformed record in {file.path}: {error}"
        raise Failure(ErrorType.MALFORMED_RECORD, message) from error
    except OSError as error:
        if type(error).__name__ == "BadGzipFile":
            raise Failure(ErrorType.MALFORMED_RECORD, f"malformed record in {file.path}: {error}") from error
        raise failure_of(error, f"{file.path} at {source.address}") from error
    except Failure:
        raise
    except Exception as error:
        raise failure_of(error, f"{file.path} at {source.address}") from error
    finally:
        body.close()
