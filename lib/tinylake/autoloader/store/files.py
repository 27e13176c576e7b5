"""The files that an ingestion has loaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from tinylake.autoloader.clock import now
from tinylake.autoloader.store.database import processed_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One version of one object: its full path, its etag, its size in bytes."""

    path: str
    etag: str
    size: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def etags(engine: Engine, ingestion_id: str) -> dict[str, str]:
    """Path to etag of everything that the ingestion has loaded, in one query."""
    query = select(processed_files.c.path, processed_files.c.etag).where(processed_files.c.ingestion_id == ingestion_id)
    with engine.connect() as connection:
        return {path: etag for path, etag in connection.execute(query)}  # noqa: C416 - dict() does not take rows for mypy


def mark_processed(connection: Connection, ingestion_id: str, run_id: str, files: Sequence[SourceFile]) -> None:
    """From now on these files count as loaded. Part of the transaction that records the run."""
    shared = {"ingestion_id": ingestion_id, "run_id": run_id, "processed_at": now()}
    rows = [{**shared, **file.as_json()} for file in files]
    if rows:
        known = set(
            connection.execute(
                select(processed_files.c.path).where(processed_files.c.ingestion_id == ingestion_id)
            ).scalars()
        )
        fresh = [row for row in rows if row["path"] not in known]
        if fresh:
            connection.execute(insert(processed_files), fresh)


def forget(engine: Engine, ingestion_id: str) -> int:
    """How many files no longer count as loaded."""
    with engine.begin() as connection:
        found = connection.execute(delete(processed_files).where(processed_files.c.ingestion_id == ingestion_id))
    return found.rowcount
