"""Commits to several tables at once: what PyIceberg would commit to each, gathered, and sent in one request.

PyIceberg itself has no such commit (0.12).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING, Any

from lakebook.lake.rest import change
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa
    from pydantic import BaseModel
    from pyiceberg.table import CommitTableResponse
    from pyiceberg.table import Table as Handle

    from lakebook.lake.http import Answer
    from lakebook.lake.rest import Rest
    from lakebook.lake.session import Lake
    from lakebook.lake.table import Table

Changes = list[dict[str, Any]]


@dataclass(slots=True)
class _Gathering:
    """Stands in for the catalog of a table's handle: takes its commit, and sends nothing."""

    changes: Changes = field(default_factory=list)

    def commit_table(
        self, table: Handle, requirements: Iterable[BaseModel], updates: Iterable[BaseModel]
    ) -> CommitTableResponse:
        """Keep the commit, and answer that all is as it was."""
        from pyiceberg.table import CommitTableResponse  # noqa: PLC0415 - slow to import

        told = [[_json(one) for one in some] for some in (updates, requirements)]
        self.changes.append(change(table.name(), *told))
        same = {"metadata": table.metadata, "metadata-location": table.metadata_location}
        return CommitTableResponse.model_validate(same)


def _json(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def appends(lake: Lake, tables: Iterable[Table], rows: pa.Table) -> Changes:
    """Return what appends rows to each of some tables as they are now: files are written, nothing is committed."""
    client = lake.catalog.client(vended=False, keys=lake.own_keys())
    gathering = _Gathering()
    for table in tables:
        handle: Any = client.load_table(table.identifier)
        handle.catalog = gathering
        handle.append(rows)
    return gathering.changes


def race(catalog: Rest, contestants: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Answer]:
    """Send the commits of several contestants at the same moment; return the answer to each."""
    gate = Barrier(len(contestants))

    def run(changes: Sequence[Mapping[str, Any]]) -> Answer:
        gate.wait(TIMEOUTS.http)
        return catalog.commit_transaction(changes)

    with ThreadPoolExecutor(len(contestants)) as pool:
        return dict(zip(contestants, pool.map(run, contestants.values()), strict=True))
