"""A reader that takes longer than its credentials last: it reads file by file, and renews them when they are over.

It does what the Iceberg clients do that can: they look at the stated expiry, and ask the endpoint which the catalog
named with the first credentials. (PyIceberg 0.12 cannot: it reads on with the first.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakebook import poll, s3
from lakebook.errors import ServiceError
from lakebook.lake import access
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from lakebook.lake.catalog import Catalog, Vended
    from lakebook.lake.table import Table

_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Part:
    """One file that was to be read: with which credentials, 1 for the first, and whether they were still valid.

    `first_valid` says whether the first ones were. `outcome` is "read", or what was answered.
    """

    file: str
    at: datetime
    key_number: int
    valid: bool
    first_valid: bool
    outcome: str


@dataclass(slots=True)
class LongReader:
    """Reads a table's data files one after the other; `parts` and `rows` say what came of it."""

    catalog: Catalog
    table: tuple[str, str]
    url: str
    files: list[str] = field(init=False)
    vended: list[Vended] = field(init=False, default_factory=list, repr=False)
    parts: list[Part] = field(init=False, default_factory=list)
    tables: list[pa.Table] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Find the table's data files, oldest first."""
        found = self.catalog.client(grant="read").load_table(self.table).scan().plan_files()
        self.files = sorted(task.file.file_path for task in found)

    def read(self, files: int | None = None) -> None:
        """Read so many files more: all that are left, unless told. A refusal is noted, and the next one tried.

        Raises ServiceError where the catalog vends no credentials to begin with.
        """
        if not self.vended:
            self.vended.append(self.catalog.vend(self.table, grant="read"))
        for file in self.files[len(self.parts) :][:files]:
            try:
                self._renew()
            except ServiceError as error:
                self._note(file, f"no new credentials: {error.got}"[:300])
                continue
            outcome, answer = access.outcome(lambda: self.tables.append(self._rows(file)))  # noqa: B023 - called at once
            self._note(file, "read" if outcome == "allowed" else answer)

    def _renew(self) -> None:
        """Ask for new credentials where the last ones are over."""
        if not _valid(self.vended[-1]):
            self.vended.append(self.catalog.renew(self.vended[-1], grant="read"))

    def _rows(self, file: str) -> pa.Table:
        from io import BytesIO  # noqa: PLC0415

        from pyarrow import parquet  # noqa: PLC0415 - slow to import

        bucket, key = access.split(file)
        store = s3.client("s3", self.url, self.vended[-1].keys)
        return parquet.read_table(BytesIO(store.get_object(Bucket=bucket, Key=key)["Body"].read()))

    def _note(self, file: str, outcome: str) -> None:
        first, last = self.vended[0], self.vended[-1]
        self.parts.append(Part(file, datetime.now(UTC), len(self.vended), _valid(last), _valid(first), outcome))

    @property
    def rows(self) -> pa.Table | None:
        """The rows of all files that were read; None where none was."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        return pa.concat_tables(self.tables) if self.tables else None

    def outlive(self, *, by_seconds: float = 1) -> list[tuple[float, access.Outcome]]:
        """Use the first credentials until they are over, and some seconds longer.

        Return each outcome of reading the first file with its time in seconds from the stated expiry; none where no
        expiry is stated.
        """
        expiry = self.vended[0].expires_at
        if expiry is None:
            return []
        store: Any = s3.client("s3", self.url, self.vended[0].keys)
        bucket, key = access.split(self.files[0])
        tries: list[tuple[float, access.Outcome]] = []

        def first_byte() -> None:  # not a HEAD, whose refusal does not say why
            store.get_object(Bucket=bucket, Key=key, Range="bytes=0-0")["Body"].read()

        def over() -> bool:
            at = (datetime.now(UTC) - expiry).total_seconds()
            tries.append((at, access.outcome(first_byte)[0]))
            return at > by_seconds

        left = (expiry - datetime.now(UTC)).total_seconds()
        poll.until(
            over,
            what="the credentials to expire",
            deadline_seconds=max(left, 0) + by_seconds + TIMEOUTS.http,
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


def open_table(catalog: Catalog, table: Table, url: str) -> LongReader:
    """Return a reader of a table through a catalog, which reads nothing yet; `url` is the store's."""
    return LongReader(catalog, table.identifier, url)


def _valid(vended: Vended) -> bool:
    """Tell whether credentials may still be used; those that do not say when they end may not."""
    return vended.expires_at is not None and datetime.now(UTC) < vended.expires_at
