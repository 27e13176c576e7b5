"""Time travel by timestamp: when each snapshot became the current one, and what an engine shows at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lakebook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.lake.table import Table

_TICK = timedelta(milliseconds=1)  # as fine as the metadata is


@dataclass(frozen=True, slots=True)
class Seen:
    """What the engine showed of a table at a moment: the ids of its rows, or why it refused."""

    at: datetime
    ids: tuple[int, ...]
    refusal: str = ""


def of(table: Table) -> list[datetime]:
    """Return when each snapshot became the current one, oldest first. Source: Iceberg specification, snapshot-log."""
    return [datetime.fromtimestamp(entry.timestamp_ms / 1000, UTC) for entry in table.metadata().snapshot_log]


def around(moments: Sequence[datetime]) -> list[datetime]:
    """Return for each moment itself, and for each but the first the last one before it."""
    return sorted({*moments, *(moment - _TICK for moment in moments[1:])})


def before(moments: Sequence[datetime]) -> datetime:
    """Return the last moment before all of them."""
    return min(moments) - _TICK


def look(table: Table, at: datetime) -> Seen:
    """Return what the engine shows of a table at a moment."""
    moment = f"{at:%Y-%m-%d %H:%M:%S.%f}+00:00"
    query = "SELECT id FROM {table} TIMESTAMP AS OF '{moment}' ORDER BY id".replace("{moment}", moment)
    try:
        return Seen(at, tuple(table.query(query).column("id").to_pylist()))
    except ServiceError as error:
        return Seen(at, (), error.got)
