"""The files of tables, as the store lists them to one who may see everything."""

from __future__ import annotations

from typing import Any

from lakebook import poll, s3
from lakebook.errors import DeadlineError
from lakebook.timeouts import TIMEOUTS


def below(store: Any, location: str) -> list[str]:
    """Return the keys of all objects below a location."""
    return [key for page in s3.keys(store, f"{location.rstrip('/')}/") for key in page]


def left(store: Any, location: str) -> list[str]:
    """Return what is left below a location that is being purged, once nothing is or the time is over.

    A catalog may purge after it has answered.
    """
    try:
        return poll.until(
            lambda: below(store, location),
            what="the files to go",
            deadline_seconds=TIMEOUTS.http,
            done=lambda keys: not keys,
        )
    except DeadlineError:
        return below(store, location)
