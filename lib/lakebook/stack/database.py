"""Where a service keeps its state: a database of its own in the profile's PostgreSQL or MongoDB, or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from lakebook.errors import ConfigurationError
from lakebook.stack import database_names
from lakebook.stack.services import postgres

if TYPE_CHECKING:
    from lakebook.stack.service import Endpoint, Site


def url(site: Site) -> str:
    """Return the SQLAlchemy URL of a service's own state; the database is created where there is none yet.

    A second process of a kind, and the same one in another stack, run in folders of their own, and so get others.
    Raises ServiceError, with what PostgreSQL said, where it cannot be created.
    """
    server = site.others.get("database")
    if server is None or _is_mongodb(server):
        return f"sqlite:///{site.folder / 'state.db'}"
    name = postgres.database(server, database_names.of_service(site.folder))
    user, password = quote(server.values["user"], safe=""), quote(server.secrets["password"], safe="")
    return f"postgresql+psycopg://{user}:{password}@{server.values['host']}:{server.values['port']}/{name}"


def mongodb(site: Site) -> tuple[str, str]:
    """Return the connection string of the profile's MongoDB, and the name of a service's own database in it.

    Raises ConfigurationError where the profile has none.
    """
    server = site.others.get("database")
    if server is None or not _is_mongodb(server):
        raise ConfigurationError(
            "there is no MongoDB to keep its state in",
            expected="database: {service: mongodb, address: mongodb://...} in the profile",
            got=server.url if server else "no database",
        )
    return server.secrets["url"], database_names.of_service(site.folder)


def _is_mongodb(server: Endpoint) -> bool:
    return server.values.get("speaks") == "mongodb"
