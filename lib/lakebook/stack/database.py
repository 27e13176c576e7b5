"""Where a service keeps its state: a database of its own in the profile's PostgreSQL, or a file in its folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from lakebook.stack.services import postgres

if TYPE_CHECKING:
    from lakebook.stack.service import Site

_LONGEST_NAME = 63  # PostgreSQL cuts what is longer


def url(site: Site) -> str:
    """Return the SQLAlchemy URL of a service's own state; the database is created where there is none yet.

    A second process of a kind, and the same one in another stack, run in folders of their own, and so get others.
    Raises ServiceError, with what PostgreSQL said, where it cannot be created.
    """
    server = site.others.get("database")
    if server is None:
        return f"sqlite:///{site.folder / 'state.db'}"
    name = postgres.database(server, database_name(site))
    user, password = quote(server.values["user"], safe=""), quote(server.secrets["password"], safe="")
    return f"postgresql+psycopg://{user}:{password}@{server.values['host']}:{server.values['port']}/{name}"


def database_name(site: Site) -> str:
    """Return the name of a service's own database: from its folder and its stack's, in letters that need no quotes."""
    return re.sub(r"[^a-z0-9]", "_", f"{site.folder.parent.name}_{site.folder.name}".lower())[-_LONGEST_NAME:]
