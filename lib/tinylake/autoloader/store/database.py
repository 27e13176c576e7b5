"""The tables, and the engine that opens them: SQLite in WAL mode, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)

BUSY_SECONDS = 30
metadata = MetaData()

ingestions = Table(
    "ingestions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("credentials", JSON, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("busy_with", String(64)),
)

runs = Table(
    "runs",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("ingestion_id", ForeignKey("ingestions.id", ondelete="CASCADE"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("phase", String(16), nullable=False),
    Column("trigger", String(32), nullable=False),
    Column("retry_of", String(64)),
    Column("accepted_at", String(32), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("metrics", JSON, nullable=False),
    Column("errors", JSON, nullable=False),
    Column("draft", JSON),
    Column("data_files", JSON, nullable=False),
    Index("runs_by_ingestion", "ingestion_id", "sequence"),
)

planned_files = Table(
    "planned_files",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)

processed_files = Table(
    "processed_files",
    metadata,
    Column("ingestion_id", ForeignKey("ingestions.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("processed_at", String(32), nullable=False),
)

schema_versions = Table(
    "schema_versions",
    metadata,
    Column("ingestion_id", ForeignKey("ingestions.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("detected_at", String(32), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("columns", JSON, nullable=False),
    Column("paths", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("affected_files", JSON, nullable=False),
    Column("resolution_type", String(32), nullable=False),
    Column("initial", Boolean, nullable=False),
)


def open_database(url: str) -> Engine:
    """An engine on a database whose tables exist; a new SQLite file is readable by its owner alone."""
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)
        _own_file(engine)
    else:
        _tune_postgresql(engine)
    metadata.create_all(engine)
    return engine


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself, see _begin
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Deferred, so that readers never wait. So every transaction that writes begins with its write: one that
        # read first could be refused the lock (SQLITE_BUSY_SNAPSHOT) after another has written.
        connection.exec_driver_sql("BEGIN")


def _tune_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A role or database may have commits acknowledged before they are durable: not these.
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")


def _own_file(engine: Engine) -> None:
    if engine.url.database:
        path = Path(engine.url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
