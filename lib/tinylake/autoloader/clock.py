"""The service's notion of time: ISO 8601, UTC, sortable as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    return stamp(datetime.now(UTC))


def days_ago(days: int) -> str:
    return stamp(datetime.now(UTC) - timedelta(days=days))


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def seconds_between(start: str, end: str) -> float:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 6)
