"""Connections to a Trino server: how it is asked, and whether it can answer yet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lakebook import secret
from lakebook.errors import ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import trino

_READY = "SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'"


def connect(url: str, user: str, password: str = "") -> trino.dbapi.Connection:
    """Return a connection to the server at an address; nothing is sent before the first query."""
    import trino  # noqa: PLC0415 - slow to import

    address = urlsplit(url)
    return trino.dbapi.connect(
        host=address.hostname,
        port=address.port,
        http_scheme=address.scheme,
        user=user,
        auth=trino.auth.BasicAuthentication(user, password) if password else None,
        timezone="UTC",
        max_attempts=1,
        request_timeout=TIMEOUTS.http,
    )


def create_catalog(url: str, login: tuple[str, str], name: str, connector: str, properties: Mapping[str, str]) -> None:
    """Make a catalog, where there is none of this name yet. Raises ServiceError, without the properties' values."""
    import trino  # noqa: PLC0415 - slow to import

    given = ", ".join(f"{identifier(key)} = {_text(value)}" for key, value in properties.items())
    connection = connect(url, *login)
    try:
        made = f"CREATE CATALOG IF NOT EXISTS {name} USING {connector}"
        connection.cursor().execute(f"{made} WITH ({given})" if given else made).fetchall()
    except trino.exceptions.Error as error:
        raise ServiceError(
            f"Trino cannot make the catalog {name}",
            expected=f"{connector}, with {', '.join(properties) or 'no properties'}",
            got=secret.redact(str(error)[:1000]),
            where=url,
            todo="read Trino's log",
        ) from None
    finally:
        connection.close()


def identifier(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def answers(url: str, user: str, password: str = "") -> bool:
    """Tell whether it answers queries: for some seconds after its start it has no node to run them."""
    import requests  # noqa: PLC0415 - slow to import
    import trino  # noqa: PLC0415

    connection = connect(url, user, password)
    try:
        return bool(connection.cursor().execute(_READY).fetchone())
    except (trino.exceptions.Error, requests.RequestException):
        return False
    finally:
        connection.close()
