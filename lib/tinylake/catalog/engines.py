"""How each kind of database is opened so that writers take turns and what was committed stays.

SQLite has one writer at a time by nature. PostgreSQL gets the same by an advisory lock that a writing transaction takes
first and gives back with its commit: whoever has it sees all that was committed before, so a check and the change that
rests on it are one step, as in SQLite, and no serialization failure has to be tried again.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

BUSY_SECONDS = 30
SQLITE_CONNECTIONS = 40  # as many as the server has threads for requests
POSTGRESQL_CONNECTIONS = 15  # of the 100 that a server allows, for several catalogs
WRITERS_TURN = 0x71_6E_79  # the advisory lock's number; such locks are each database's own


def engine_of(url: str) -> sa.Engine:
    """An engine for `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`; its pool is as large as that allows."""
    return _sqlite(url) if sa.make_url(url).get_backend_name() == "sqlite" else _postgresql(url)


def _sqlite(url: str) -> sa.Engine:
    options = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=options, pool_size=SQLITE_CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        connect_args={"connect_timeout": 10},
        pool_size=POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,  # a server that was restarted has closed what the pool holds
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


@retry(
    retry=retry_if_exception_type(sqlite3.OperationalError),
    stop=stop_after_delay(BUSY_SECONDS),
    wait=wait_random_exponential(0.01, max=0.5),
    reraise=True,
)
def _configure_sqlite(connection: Any, _record: Any) -> None:
    """Survives kill -9 and power loss (FULL); the change to WAL does not wait its turn by itself, hence the retry."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    """A writer takes its turn at once: one that first read could be refused later, with its reading outdated."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    """A reader sees one state throughout. A writer waits for its turn, reads what is newest, and commits to the disk.

    The lock goes after the commit can be seen, so whoever is next sees it. A role or database may have commits
    acknowledged before they are durable (`synchronous_commit=off`): not these.
    """
    if not _writes(connection):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_TURN})")


def _writes(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("tinylake_writes", False))
