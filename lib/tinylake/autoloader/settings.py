"""What the service is told by its environment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "TINYLAKE_AUTOLOADER_"
SECRETS = ("token", "credential", "client.secret-access-key", "client.session-token")  # among what one logs in with


class MissingSettingError(ValueError):
    """A required environment variable is not set; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The database, the one catalog that is written to, and the object store behind it.

    `catalog_login` are the properties by which PyIceberg logs in; without any, the catalog is asked without a login.
    `store` are those by which it finds the tables' store. With `store_keys`, properties too, those are used, and no
    vended credentials.
    `catalog_prefix` is that of a catalog whose configuration does not tell it; `spark_url` is that of a Spark Connect
    server which can load files too.
    """

    database: str = field(repr=False)  # a SQLAlchemy URL, which may hold a password
    catalog_uri: str
    catalog_warehouse: str
    catalog_login: Mapping[str, Any] = field(default_factory=dict, repr=False)
    store: Mapping[str, str] = field(default_factory=dict)
    store_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    spark_url: str = ""
    catalog_prefix: str = ""
    catalog_name: str = "lake"
    workers: int = 4

    @property
    def secrets(self) -> list[str]:
        """What must never be shown: of a credential, which is an id and a secret, the latter alone too."""
        known = [str(self.catalog_login[name]) for name in SECRETS if self.catalog_login.get(name)]
        return [*known, *(one.partition(":")[2] for one in known), *self.store_keys.values()]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings; MissingSettingError names every variable that lacks."""
        names = ("DATABASE", "CATALOG_URI", "CATALOG_WAREHOUSE")
        optional = ("CATALOG_PREFIX", "SPARK_URL")
        missing = [PREFIX + name for name in names if not environment.get(PREFIX + name)]
        if missing:
            message = f"tinylake.autoloader needs these environment variables: {', '.join(missing)}"
            raise MissingSettingError(message)
        values: dict[str, Any] = {name.lower(): environment[PREFIX + name] for name in names}
        values |= {name.lower(): environment.get(PREFIX + name, "") for name in optional}
        values |= {
            name.lower(): _object(PREFIX + name, environment) for name in ("CATALOG_LOGIN", "STORE", "STORE_KEYS")
        }
        return cls(**values, catalog_name=environment.get(PREFIX + "CATALOG_NAME") or "lake")


def _object(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    try:
        found = json.loads(environment.get(name) or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise MissingSettingError(f"{name} must be a JSON object: properties of PyIceberg")
    return found
