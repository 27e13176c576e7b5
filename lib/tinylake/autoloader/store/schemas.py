"""The versions of a table's schema, as an ingestion came to know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import desc, insert, select

from tinylake.autoloader.clock import now
from tinylake.autoloader.store.database import schema_versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """One version: `columns` as shown, `paths` from dotted name to type, for the next comparison."""

    ingestion_id: str
    version: int
    detected_at: str
    run_id: str
    columns: list[dict[str, Any]]
    paths: dict[str, str]
    changes: list[dict[str, Any]]
    affected_files: list[str]
    resolution_type: str
    initial: bool


def every(engine: Engine, ingestion_id: str) -> list[SchemaVersion]:
    """All versions, oldest first."""
    mine = schema_versions.c.ingestion_id == ingestion_id
    with engine.connect() as connection:
        query = select(schema_versions).where(mine).order_by(schema_versions.c.version)
        return [_version(row) for row in connection.execute(query)]


def latest(connection: Connection, ingestion_id: str) -> SchemaVersion | None:
    mine = schema_versions.c.ingestion_id == ingestion_id
    row = connection.execute(
        select(schema_versions).where(mine).order_by(desc(schema_versions.c.version)).limit(1)
    ).one_or_none()
    return _version(row) if row else None


def add(connection: Connection, ingestion_id: str, run_id: str, **values: Any) -> None:
    """Append the next version."""
    before = latest(connection, ingestion_id)
    version = before.version + 1 if before else 1
    row = {"ingestion_id": ingestion_id, "version": version, "run_id": run_id, "detected_at": now(), **values}
    connection.execute(insert(schema_versions).values(row))


def _version(row: Row[Any]) -> SchemaVersion:
    return SchemaVersion(**row._asdict())
