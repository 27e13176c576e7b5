"""What the service is told by its environment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "TINYLAKE_AUTOLOADER_"


class MissingSettingError(ValueError):
    """A required environment variable is not set; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The database, the one catalog that is written to, and the object store behind it.

    Without a token the catalog is asked without a login. `store` are the properties by which PyIceberg finds the
    tables' store. With `store_keys`, properties too, those are used, and no vended credentials.
    `catalog_prefix` is that of a catalog whose configuration does not tell it; `spark_url` is that of a Spark Connect
    server which can load files too.
    """

    database: str = field(repr=False)  # a SQLAlchemy URL, which may hold a password
    catalog_uri: str
    catalog_warehouse: str
    catalog_token: str = field(default="", repr=False)
    store: Mapping[str, str] = field(default_factory=dict)
    store_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    spark_url: str = ""
    catalog_prefix: str = ""
    catalog_name: str = "lake"
    workers: int = 4

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings; MissingSettingError names every variable that lacks."""
        names = ("DATABASE", "CATALOG_URI", "CATALOG_WAREHOUSE")
        optional = ("CATALOG_TOKEN", "CATALOG_PREFIX", "SPARK_URL")
        missing = [PREFIX + name for name in names if not environment.get(PREFIX + name)]
        if missing:
            message = f"tinylake.autoloader needs these environment variables: {', '.join(missing)}"
            raise MissingSettingError(message)
        values: dict[str, Any] = {name.lower(): environment[PREFIX + name] for name in names}
        values |= {name.lower(): environment.get(PREFIX + name, "") for name in optional}
        values |= {name.lower(): _object(PREFIX + name, environment) for name in ("STORE", "STORE_KEYS")}
        return cls(**values, catalog_name=environment.get(PREFIX + "CATALOG_NAME") or "lake")


def _object(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    try:
        found = json.loads(environment.get(name) or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise MissingSettingError(f"{name} must be a JSON object: properties of PyIceberg")
    return found
