"""A look into a source, without loading anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tinylake.autoloader import discovery, source
from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    import pyarrow as pa

    from tinylake.autoloader.source import Source
    from tinylake.autoloader.store.files import SourceFile

SAMPLE_ROWS = 5
SAMPLE_BYTES = 32 * 1024 * 1024


def list_files(place: Source, pattern: str) -> list[SourceFile]:
    """What a run without history would load. Failure names cause and address."""
    return discovery.matching(place.objects(), pattern)


def look(definition: dict[str, Any], kind: dict[str, Any], credentials: dict[str, Any]) -> dict[str, Any]:
    """Row type, first rows, number of files and an estimate of the records; exact where the sample is everything."""
    from tinylake.autoloader.loaders import reading  # noqa: PLC0415 - Arrow is imported when it is needed
    from tinylake.autoloader.loaders.spool import Spool  # noqa: PLC0415

    place = source.open_source(definition, credentials)
    files = list_files(place, definition["file_pattern"])
    chosen = sample(files)
    with Spool() as spool:
        read = reading.read_files(place, kind, chosen, None, spool)
        if read.errors and not read.files:
            first = read.errors[0]
            raise Failure(ErrorType(first.error_type), first.message)
        rows = [row for item in read.files.values() for row in _first_rows(spool, item.places)][:SAMPLE_ROWS]
    looked_at = sum(item.file.size for item in read.files.values())
    records = sum(item.rows for item in read.files.values())
    whole = sum(file.size for file in files)
    return {
        "row_type": _merged([item.row_type for item in read.files.values()]),
        "sample_data": [json.dumps(row, default=str) for row in rows],
        "file_count": len(files),
        "estimated_records": round(records * whole / looked_at) if looked_at else 0,
    }


def sample(files: list[SourceFile]) -> list[SourceFile]:
    """The first files of together so many bytes, at least one."""
    chosen: list[SourceFile] = []
    for file in files:
        if chosen and sum(item.size for item in chosen) + file.size > SAMPLE_BYTES:
            break
        chosen.append(file)
    return chosen


def _first_rows(spool: Any, places: list[int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for batch in spool.batches(places[:1]):
        rows.extend(batch.slice(0, SAMPLE_ROWS).to_pylist())
    return rows


def _merged(kinds: list[pa.DataType]) -> pa.DataType:
    from tinylake.autoloader.loaders.reading import EMPTY  # noqa: PLC0415
    from tinylake.autoloader.schema import evolution  # noqa: PLC0415

    named = {str(index): kind for index, kind in enumerate(kinds)}
    return evolution.plan(None, named, evolution.APPEND).row if named else EMPTY
