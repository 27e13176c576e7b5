"""The SQL database: its tables, and transactions that are safe for several processes."""

from __future__ import annotations

from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from tinylake.catalog import errors
from tinylake.catalog.engines import engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNING = "signing"

schema = sa.MetaData()

namespaces = sa.Table(
    "namespaces",
    schema,
    sa.Column("path", sa.Text, primary_key=True),  # levels joined by 0x1F
    sa.Column("parent", sa.Text, nullable=False, index=True),  # the path without its last level, or empty
    sa.Column("properties", sa.JSON, nullable=False),
)


def _pointers(kind: str) -> sa.Table:
    return sa.Table(
        kind,
        schema,
        sa.Column("uuid", sa.Text, primary_key=True),
        sa.Column("namespace", sa.Text, sa.ForeignKey("namespaces.path"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),  # with its last slash
        sa.Column("metadata_location", sa.Text, nullable=False),
        sa.Column("previous_metadata_location", sa.Text),
        sa.UniqueConstraint("namespace", "name"),
    )


tables = _pointers("tables")
views = _pointers("views")

keys = sa.Table(
    "keys",
    schema,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
)


class Database:
    """Transactions on one database; several processes may hold one each."""

    def __init__(self, url: str) -> None:
        """Connects, and makes the tables where they are missing."""
        self._engine = engine_of(url)
        with self.write() as connection:
            schema.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state and waits for nobody."""
        with self._begun(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The one transaction that may write; durable when the block has ended. 503 when its turn does not come."""
        with self._begun(writes=True) as connection:
            yield connection

    def signing_key(self) -> str:
        """The database's own key, made by whoever needs it first: all processes on one database have the same."""
        with self.write() as connection:
            known = connection.execute(sa.select(keys.c.key).where(keys.c.name == SIGNING)).scalar_one_or_none()
            if known is None:
                known = token_hex(32)
                connection.execute(keys.insert().values(name=SIGNING, key=known))
        return str(known)

    @contextmanager
    def _begun(self, *, writes: bool) -> Iterator[sa.Connection]:
        """Only what comes before the block is a 503: a failure in it, or at its end, may have come after the commit."""
        try:
            connection = self._engine.connect().execution_options(tinylake_writes=writes)
        except (OperationalError, NoConnectionError) as error:
            raise _unavailable(error) from error
        with connection:
            try:
                transaction = connection.begin()
            except OperationalError as error:
                raise _unavailable(error) from error
            with transaction:
                yield connection


def _unavailable(error: Exception) -> errors.CatalogError:
    """503 without the driver's words, which name the database's address and user; the log has them."""
    return errors.unavailable(f"the catalog's database is busy or cannot be reached: {type(error).__name__}")
