"""A run's identity inside the table's history, which says what landed whatever else was lost."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from tinylake.autoloader.store.files import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

RUN, INGESTION, FILES, ENCODING = (
    "tinylake.run-id",
    "tinylake.ingestion-id",
    "tinylake.files",
    "tinylake.files-encoding",
)
PLAIN_BYTES = 4096  # longer lists of files are compressed: the metadata keeps them as long as the snapshot lives


def properties(run_id: str, ingestion_id: str, files: Sequence[SourceFile]) -> dict[str, str]:
    """The snapshot properties of a run's commit."""
    text = json.dumps([file.as_json() for file in files], separators=(",", ":"))
    named = {RUN: run_id, INGESTION: ingestion_id, FILES: text}
    if len(text) > PLAIN_BYTES:
        packed = b64encode(zlib.compress(text.encode())).decode()
        named |= {FILES: packed, ENCODING: "zlib+base64"}
    return named


def files_of(summary: Mapping[str, str]) -> list[SourceFile]:
    """The files that a run's snapshot says it loaded."""
    text = summary.get(FILES) or "[]"
    if summary.get(ENCODING) == "zlib+base64":
        text = zlib.decompress(b64decode(text)).decode()
    return [SourceFile(**entry) for entry in json.loads(text)]


def landed(table: Table | None, ingestion_id: str) -> dict[str, Mapping[str, str]]:
    """Run id to snapshot summary, of everything that an ingestion has committed to the table."""
    summaries = [snapshot.summary.additional_properties for snapshot in _snapshots(table) if snapshot.summary]
    return {summary[RUN]: summary for summary in summaries if summary.get(INGESTION) == ingestion_id}


def _snapshots(table: Table | None) -> Sequence[Snapshot]:
    return [] if table is None else table.metadata.snapshots
