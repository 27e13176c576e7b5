"""The SQL database: its tables, and transactions that are safe for several processes."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 30
CONNECTIONS = 40  # as many as the server has threads for requests

schema = sa.MetaData()

namespaces = sa.Table(
    "namespaces",
    schema,
    sa.Column("path", sa.Text, primary_key=True),  # levels joined by 0x1F
    sa.Column("parent", sa.Text, nullable=False, index=True),  # the path without its last level, or empty
    sa.Column("properties", sa.JSON, nullable=False),
)

tables = sa.Table(
    "tables",
    schema,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("namespace", sa.Text, sa.ForeignKey("namespaces.path"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),  # with its last slash
    sa.Column("metadata_location", sa.Text, nullable=False),
    sa.Column("previous_metadata_location", sa.Text),
    sa.UniqueConstraint("namespace", "name"),
)


class Database:
    """Transactions on one database; several processes may hold one each."""

    def __init__(self, url: str) -> None:
        """Connects, and makes the tables where they are missing."""
        self._engine = _engine(url)
        with self.write() as connection:
            schema.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state and waits for nobody."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The one transaction that may write; durable when the block has ended. 503 when its turn does not come."""
        with self._engine.connect().execution_options(tinylake_writes=True) as connection:
            try:
                transaction = connection.begin()
            except OperationalError as error:
                raise errors.unavailable(f"the catalog's database is busy: {error.orig}") from error
            with transaction:
                yield connection


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0)
    options = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=options, pool_size=CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


@retry(
    retry=retry_if_exception_type(sqlite3.OperationalError),
    stop=stop_after_delay(BUSY_SECONDS),
    wait=wait_random_exponential(0.01, max=0.5),
    reraise=True,
)
def _configure(connection: Any, _record: Any) -> None:
    """Survives kill -9 and power loss (FULL); the change to WAL does not wait its turn by itself, hence the retry."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: sa.Connection) -> None:
    """A writer takes its turn at once: one that first read could be refused later, with its reading outdated."""
    writes = connection.get_execution_options().get("tinylake_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
