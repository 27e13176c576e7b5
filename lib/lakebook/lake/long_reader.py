"""A reader that takes longer than its credentials last: it reads file by file, and renews them when they are over.

It does what the Iceberg clients do that can: they look at the stated expiry, and ask the endpoint which the catalog
named with the first credentials. (PyIceberg 0.12 cannot: it reads on with the first.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from lakebook import poll
from lakebook.errors import ServiceError
from lakebook.lake import access
from lakebook.stack import warehouse
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import pyarrow as pa

    from lakebook.lake.catalog import Catalog
    from lakebook.lake.reach import Reach
    from lakebook.lake.session import Lake
    from lakebook.lake.table import Table
    from lakebook.lake.vended import Keys, Vended

_POLL_SECONDS = 0.2
_SPARE_SECONDS = 1  # what is over sooner is renewed before the next file


@dataclass(frozen=True, slots=True)
class Part:
    """One file that was to be read: when that began, with which credentials, 1 for the first, and if they were valid.

    `first_valid` says whether the first ones were valid then. `outcome` is "read", or what was answered.
    """

    file: str
    at: datetime
    key_number: int
    valid: bool
    first_valid: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Try:
    """One use of credentials: when it began and ended, in seconds from their stated expiry, and what came of it."""

    began: float
    ended: float
    outcome: access.Outcome


@dataclass(slots=True)
class LongReader:
    """Reads a table's data files one after the other; `parts` and `rows` say what came of it."""

    catalog: Catalog
    table: tuple[str, str]
    open: Callable[[Keys], Reach] = field(repr=False)
    files: list[str] = field(init=False)
    vended: list[Vended] = field(init=False, default_factory=list, repr=False)
    parts: list[Part] = field(init=False, default_factory=list)
    tables: list[pa.Table] = field(init=False, default_factory=list, repr=False)
    _reach: Reach = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find the table's data files, oldest first."""
        found = self.catalog.client(grant="read").load_table(self.table).scan().plan_files()
        self.files = sorted(task.file.file_path for task in found)

    def read(self, files: int | None = None) -> None:
        """Read so many files more: all that are left, unless told. A refusal is noted, and the next one tried.

        Raises ServiceError where the catalog vends no credentials to begin with.
        """
        from pyarrow import parquet  # noqa: PLC0415 - slow to import, and credentials do not wait

        def load(file: str) -> None:
            self.tables.append(parquet.read_table(BytesIO(self._reach.get(file))))

        if not self.vended:
            self._use(self.catalog.vend(self.table, grant="read"))
        for file in self.files[len(self.parts) :][:files]:
            try:
                at = self._ready()
            except ServiceError as error:
                self._note(file, datetime.now(UTC), f"no new credentials: {error.got}"[:300])
                continue
            outcome, answer = access.outcome(partial(load, file))
            self._note(file, at, "read" if outcome == "allowed" else answer)

    def _ready(self) -> datetime:
        """Renew the credentials where they are all but over; return the moment from which on they are used."""
        at = datetime.now(UTC)
        if _valid(self.vended[-1], at + timedelta(seconds=_SPARE_SECONDS)):
            return at
        self._use(self.catalog.renew(self.vended[-1], grant="read"))
        return datetime.now(UTC)

    def _use(self, vended: Vended) -> None:
        self.vended.append(vended)
        self._reach = self.open(vended.keys)

    def _note(self, file: str, at: datetime, outcome: str) -> None:
        first, last = self.vended[0], self.vended[-1]
        self.parts.append(Part(file, at, len(self.vended), _valid(last, at), _valid(first, at), outcome))

    @property
    def rows(self) -> pa.Table | None:
        """The rows of all files that were read; None where none was."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        return pa.concat_tables(self.tables) if self.tables else None

    def outlive(self, *, by_seconds: float = 1) -> list[Try]:
        """Use the first credentials until they are over, and some seconds longer: read the first file on and on.

        Return each try; none where no expiry is stated.
        """
        expiry = self.vended[0].expires_at
        if expiry is None:
            return []
        reach = self.open(self.vended[0].keys)
        tries: list[Try] = []

        def first_byte() -> None:  # not a HEAD, whose refusal does not say why
            reach.get(self.files[0], first_byte=True)

        def now() -> float:
            return (datetime.now(UTC) - expiry).total_seconds()

        def over() -> bool:
            began, (outcome, _) = now(), access.outcome(first_byte)
            tries.append(Try(began, now(), outcome))
            return began > by_seconds

        poll.until(
            over,
            what="the credentials to expire",
            deadline_seconds=max(-now(), 0) + by_seconds + TIMEOUTS.http,
            longest_pause_seconds=_POLL_SECONDS,
        )
        return tries

    def shown(self) -> pd.DataFrame:
        """Return the parts, to look at: when each was read, in seconds from the first, and with which credentials."""
        import pandas as pd  # noqa: PLC0415 - slow to import

        return pd.DataFrame(
            {
                "seconds": round((part.at - self.parts[0].at).total_seconds(), 2),
                "file": part.file.rpartition("/")[2],
                "credentials": f"no. {part.key_number}, {'valid' if part.valid else 'expired'}",
                "outcome": part.outcome,
            }
            for part in self.parts
        )


def is_worth_the_wait(lake: Lake, *, credential_seconds: float, longest_wait_seconds: float) -> bool:
    """Tell whether credentials end soon enough for this run to wait; else leave out what it would have decided.

    They last `credential_seconds`, or as long as the shortest session that the tables' store grants.
    """
    takes = max(credential_seconds, warehouse.shortest_session(warehouse.of(lake.state.services)))
    if takes <= longest_wait_seconds:
        return True
    reason = (
        f"the shortest credentials last {takes:g} s here, and this run waits for {longest_wait_seconds:g} s at most"
    )
    for one in ("VEND-08", "VEND-09"):
        lake.record.leave_out(one, f"{reason} (longest_wait_seconds)")
    return False


def open_table(catalog: Catalog, table: Table, opened: Callable[[Keys], Reach]) -> LongReader:
    """Return a reader of a table, which reads nothing yet; `opened` returns the store as a key opens it."""
    return LongReader(catalog, table.identifier, opened)


def _valid(vended: Vended, at: datetime) -> bool:
    """Tell whether credentials may be used at a moment; those that do not say when they end may not."""
    return vended.expires_at is not None and at < vended.expires_at
