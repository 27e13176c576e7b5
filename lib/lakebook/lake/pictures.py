"""What the pictures of a table are made of: its metadata from the catalog, and counts that the engine makes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from lakebook.picture.lineage import Snapshot, lineage
from lakebook.picture.loads import loads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.snapshots import Snapshot as IcebergSnapshot

    from lakebook.lake.ingestion import Run
    from lakebook.lake.source import Landed
    from lakebook.lake.table import Table
    from lakebook.panel import Shown

_NO_RUN = "no run"


def of_lineage(metadata: TableMetadata) -> Shown:
    """Return the lineage of a table's snapshots, with its branches and tags."""
    refs = {name: ref.snapshot_id for name, ref in metadata.refs.items()}
    return lineage([_snapshot(one) for one in metadata.snapshots], refs)


def _snapshot(one: IcebergSnapshot) -> Snapshot:
    summary = one.summary
    said = dict(summary.additional_properties) if summary else {}
    total = said.get("total-records")
    return Snapshot(
        one.snapshot_id,
        one.parent_snapshot_id,
        one.timestamp_ms,
        summary.operation.value if summary else "",
        int(said.get("added-records", 0)),
        int(said.get("deleted-records", 0)),
        None if total is None else int(total),
        one.schema_id,
    )


def of_loads(table: Table, landed: Landed, runs: Sequence[Run], key: str = "id") -> Shown:
    """Return which run added how many rows of each file, as the engine counts them in each snapshot.

    The files of `landed` are as large as each other, and their keys count on from 0, as `lakebook.data.events` makes
    them. A snapshot belongs to the run in whose time it was committed: the service that runs gives it its time.
    """
    per_file = landed.records // landed.files
    names = [path.rpartition("/")[2] for path in landed.paths]
    oldest_first = sorted(runs, key=lambda run: run.started_at or "")
    labels = {run.id: f"run {number}" for number, run in enumerate(oldest_first, start=1)}
    added: Counter[tuple[str, str]] = Counter()
    before: dict[str, int] = {}
    for snapshot in sorted(table.metadata().snapshots, key=lambda one: one.timestamp_ms):
        run = labels.get(run_at(snapshot.timestamp_ms, oldest_first), _NO_RUN)
        now = _counts(table, snapshot.snapshot_id, names, per_file, key)
        added.update({(name, run): now.get(name, 0) - before.get(name, 0) for name in names})
        before = now
    stray = [_NO_RUN] if any(run == _NO_RUN for _, run in added) else []
    return loads(dict.fromkeys(names, per_file), [*labels.values(), *stray], added)


def run_at(at: int, runs: Sequence[Run]) -> str:
    """Return the id of the run that was under way at a time in milliseconds; empty where none was."""
    for run in runs:
        begun = run.started_at and _milliseconds(run.started_at) <= at
        if begun and (run.ended_at is None or at <= _milliseconds(run.ended_at)):
            return run.id
    return ""


def _milliseconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1000)


def _counts(table: Table, snapshot_id: int, names: Sequence[str], per_file: int, key: str) -> dict[str, int]:
    """Return how many rows of each file a snapshot has."""
    file = f"CAST(floor({key} / {per_file}) AS BIGINT)"
    select = f"SELECT {file} AS f, count(*) AS n FROM {{table}} VERSION AS OF {snapshot_id} GROUP BY 1"  # noqa: S608
    found = table.query(select)
    return {names[row["f"]]: row["n"] for row in found.to_pylist() if 0 <= row["f"] < len(names)}
