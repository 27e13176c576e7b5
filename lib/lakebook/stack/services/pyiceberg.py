"""PyIceberg as the engine: a library in the process of whoever uses it, with DuckDB to compute on what it reads.

It reads and writes with the storage's engine key, as Spark does here: rows are verified with it, and vending is judged
by clients that have no other key.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from lakebook.stack.service import EVERYWHERE, Endpoint, Service

if TYPE_CHECKING:
    from lakebook.stack.service import Site


def _version(_site: Site) -> str:
    return metadata.version("pyiceberg")


def _publish(_site: Site) -> Endpoint:
    return Endpoint("", {"speaks": "pyiceberg", "catalog": "lake"})


SERVICE = Service(
    kind="pyiceberg",
    sentence="a library in the notebook's own process; it reads and writes with a key of its own, and has no updates",
    needs=("storage", "catalog"),
    launch=None,
    version=_version,
    publish=_publish,
    reaches=EVERYWHERE,
    library=True,
    rests_on={"several_engines": ("vends", "duckdb")},  # else PyIceberg would be compared with itself
)
