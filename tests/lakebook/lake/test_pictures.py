"""What pictures are made of: a table's metadata, and the times of runs."""

from __future__ import annotations

import pytest
from pyiceberg.table.metadata import TableMetadataV2

from lakebook.lake import pictures
from lakebook.lake.ingestion import Metrics, Run

METRICS = Metrics(
    files_processed=0, records_ingested=0, bytes_read=0, bytes_written=0, duration_seconds=None, error_count=0
)
FIRST = Run(
    id="first",
    ingestion_id="i",
    status="success",
    trigger="manual",
    started_at="2026-11-21T10:00:00.500900Z",
    ended_at="2026-11-21T10:00:02Z",
    metrics=METRICS,
    errors=[],
)
RUNNING = FIRST.model_copy(update={"id": "running", "started_at": "2026-11-21T10:00:05+00:00", "ended_at": None})
TEN = 1_795_255_200_000  # 2026-11-21T10:00:00Z


@pytest.mark.parametrize(
    ("milliseconds", "run"),
    [(499, ""), (500, "first"), (2_000, "first"), (2_001, ""), (4_999, ""), (5_000, "running"), (60_000, "running")],
)
def test_a_snapshot_belongs_to_the_run_in_whose_time_it_was_committed(milliseconds: int, run: str) -> None:
    assert pictures.run_at(TEN + milliseconds, [FIRST, RUNNING]) == run


def test_the_lineage_is_read_from_the_metadata_summaries_left_out_included() -> None:
    metadata = TableMetadataV2.model_validate(
        {
            "format-version": 2,
            "location": "s3://w/t",
            "last-updated-ms": TEN,
            "last-column-id": 1,
            "schemas": [{"type": "struct", "schema-id": 0, "fields": []}],
            "partition-specs": [{"spec-id": 0, "fields": []}],
            "sort-orders": [{"order-id": 0, "fields": []}],
            "default-sort-order-id": 0,
            "current-snapshot-id": 2,
            "last-sequence-number": 2,
            "snapshots": [
                {
                    "snapshot-id": 1,
                    "timestamp-ms": TEN,
                    "manifest-list": "s3://w/1",
                    "sequence-number": 1,
                    "schema-id": 0,
                    "summary": {"operation": "append", "added-records": "7", "total-records": "7"},
                },
                {
                    "snapshot-id": 2,
                    "parent-snapshot-id": 1,
                    "timestamp-ms": TEN + 1,
                    "manifest-list": "s3://w/2",
                    "sequence-number": 2,
                },
            ],
        }
    )
    lines = repr(pictures.of_lineage(metadata)).splitlines()
    assert lines[2].split() == ["10:00:00.000", "1", "–", "append", "+7", "rows", "7", "in", "all", "0"]
    assert lines[3].split() == ["10:00:00.001", "2", "1", "+0", "rows", "main"]
