"""What each cloud calls its credentials, in the properties that a catalog sends to Iceberg's clients.

Sources: Iceberg REST specification, LoadTableResult (s3.*); apache/iceberg, AzureProperties (adls.*) and GCPProperties
(gcs.*); PyIceberg, configuration of FileIO.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPIRY, _CONNECTION = "-expires-at", "adls.connection-string"
_IN_CONNECTION = ("AccountKey=", "SharedAccessSignature=")


@dataclass(frozen=True, slots=True)
class Cloud:
    """One cloud: the schemes of its locations, and its properties, of which some have an account's name behind them.

    `needed` are those without which a client reaches nothing, `session` the one that ends, `expiry` says when
    (milliseconds since 1970), `refresh` where there are others.
    """

    name: str
    schemes: tuple[str, ...]
    secrets: tuple[str, ...]
    needed: tuple[str, ...]
    session: str
    expiry: str
    refresh: str

    def holds(self, name: str, value: object) -> bool:
        """Tell whether a property is one of its credentials; a connection string may hold one, or an address alone."""
        keyless = _is(name, _CONNECTION) and not any(word in str(value) for word in _IN_CONNECTION)
        return _EXPIRY not in name and not keyless and any(_is(name, secret) for secret in self.secrets)

    def value(self, config: Mapping[str, str], wanted: str) -> str:
        """Return the value of a property, whatever account stands behind its name; empty where there is none."""
        return next((str(value) for name, value in config.items() if _is(name, wanted)), "")

    def complete(self, config: Mapping[str, str]) -> bool:
        """Tell whether a client can do anything with these properties."""
        return all(self.value(config, name) for name in self.needed)


S3 = Cloud(
    "s3",
    ("s3", "s3a", "s3n"),
    ("s3.access-key-id", "s3.secret-access-key", "s3.session-token"),
    ("s3.access-key-id", "s3.secret-access-key"),
    "s3.session-token",
    "s3.session-token-expires-at-ms",
    "client.refresh-credentials-endpoint",
)
ADLS = Cloud(
    "adls",
    ("abfs", "abfss", "wasb", "wasbs"),
    ("adls.sas-token", "adls.account-key", _CONNECTION, "adls.auth.shared-key.account.key"),
    ("adls.sas-token",),
    "adls.sas-token",
    "adls.sas-token-expires-at-ms",
    "adls.refresh-credentials-endpoint",
)
GCS = Cloud(
    "gcs",
    ("gs",),
    ("gcs.oauth2.token",),
    ("gcs.oauth2.token",),
    "gcs.oauth2.token",
    "gcs.oauth2.token-expires-at",
    "gcs.oauth2.refresh-credentials-endpoint",
)
CLOUDS = (S3, ADLS, GCS)


def at(location: str) -> Cloud | None:
    """Return the cloud that a location lies in; None for one that is no cloud's, such as a folder's."""
    scheme = location.partition("://")[0]
    return next((cloud for cloud in CLOUDS if scheme in cloud.schemes), None)


def named_in(config: Mapping[str, str]) -> Cloud | None:
    """Return the cloud of which these properties hold a credential, whether or not it is of use alone."""
    return next((cloud for cloud in CLOUDS if any(cloud.holds(*one) for one in config.items())), None)


def in_use(config: Mapping[str, str]) -> Cloud | None:
    """Return the cloud whose credentials these properties hold; None where none can be used."""
    return next((cloud for cloud in CLOUDS if cloud.complete(config)), None)


def own_names(sets: Mapping[str, Mapping[str, str]], location: str) -> Decision:
    """Hold where every set of vended properties has what its table's cloud needs, and credentials of no other.

    `sets` are the properties by the place in the answer that held them.
    """
    cloud = at(location)
    named = {place: sorted(_credentials(config)) for place, config in sets.items()}
    wanted = f"{', '.join(cloud.needed)}, and credentials of {cloud.name}.* alone" if cloud else "no credentials"
    got = {place: wanted if cloud and _fits(cloud, sets[place]) else names for place, names in named.items()}
    todo = "a client ignores what it does not know by name, and falls back to keys of its own, or fails"
    return Decision(
        bool(sets) and all(one == wanted for one in got.values()), dict.fromkeys(got, wanted), got, location, todo
    )


def _fits(cloud: Cloud, config: Mapping[str, str]) -> bool:
    return cloud.complete(config) and all(cloud.holds(name, config[name]) for name in _credentials(config))


def _credentials(config: Mapping[str, str]) -> list[str]:
    return [name for name, value in config.items() if any(cloud.holds(name, value) for cloud in CLOUDS)]


def _is(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}.")
