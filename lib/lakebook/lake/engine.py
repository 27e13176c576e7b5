"""What an engine is to the checks: the independent path on which data is verified, in SQL as Spark writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lakebook.errors import ServiceError

if TYPE_CHECKING:
    import pyarrow as pa


class Reader(Protocol):
    """An engine that reads tables by SQL. `catalog` is the name under which it knows the profile's catalog.

    One that does not compare nested values, as whole rows are compared, is given their JSON to compare. `updates` says
    whether it can change a value in place.
    """

    catalog: str
    name: str
    compares_nested: bool
    updates: bool

    def sql(self, query: str) -> pa.Table:
        """Return what a query returns. Raises ServiceError, with the query, where the engine refuses it."""

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name, in this session alone."""


class Engine(Reader, Protocol):
    """The profile's own engine: one session of it."""

    def stop(self) -> None:
        """Close the session, and remove what it left in the engine."""


def refused(query: str, got: str, where: str) -> ServiceError:
    """Return the error of an engine that does not answer a query: what it said instead, and where."""
    return ServiceError(
        "the engine refused a query",
        expected=f"rows for: {query:.500}",
        got=got[:1000],
        where=where,
        todo="lakebook status; read the engine's log",
    )
