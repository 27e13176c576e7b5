"""What a catalog vends for one table, as a client uses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lakebook import s3, secret
from lakebook.checks import clouds, credentials
from lakebook.errors import ServiceError
from lakebook.lake.cloud_reach import Signature, Token, blobs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lakebook.lake.http import Answer

Keys = s3.Keys | Signature | Token
MADE_UP = "nothing-was-vended"
_GOOGLE = "https://storage.googleapis.com"


@dataclass(frozen=True, slots=True)
class Vended:
    """Temporary credentials for one table: `sets` holds all that the catalog sent, `keys` are what a client uses."""

    keys: Keys = field(repr=False)
    prefix: str
    sets: Mapping[str, Mapping[str, str]] = field(repr=False)

    @property
    def secret_name(self) -> str:
        """The name of the property that holds the secret which a client uses."""
        return (clouds.in_use(_used(self.sets)[1]) or clouds.S3).needed[-1]

    @property
    def expires_at(self) -> datetime | None:
        """When they expire, as the catalog states it; None where it does not."""
        return credentials.expiry(_used(self.sets)[1])

    @property
    def refresh(self) -> str:
        """The path at which the catalog gives the next ones; empty where it names none."""
        config = _used(self.sets)[1]
        cloud = clouds.in_use(config)
        endpoint = config.get(cloud.refresh, "") if cloud else ""
        return endpoint if "://" in endpoint or not endpoint else f"/{endpoint.lstrip('/')}"


def nothing() -> Vended:
    """Return what stands for the credentials of a catalog that vends none, as its profile says: no store knows them.

    They are masked, and searched for, as if they had been vended.
    """
    secret.remember([MADE_UP])
    sent = {"s3.access-key-id": MADE_UP, "s3.secret-access-key": MADE_UP}
    return Vended(s3.Keys(MADE_UP, MADE_UP), "", {"nothing": sent})


def of(answer: Answer, properties: Mapping[str, str]) -> Vended:
    """Return what an answer vends; `properties` are the client's own. Raises ServiceError where that is nothing.

    Source: Iceberg REST specification, LoadTableResult: `storage-credentials` come before `config`.
    """
    sets = credentials.sets(answer.body)
    usable = {place: config for place, config in sets.items() if clouds.in_use(config)}
    if not usable:
        raise ServiceError(
            "the catalog vended no credentials",
            expected=" or ".join(" and ".join(cloud.needed) for cloud in clouds.CLOUDS)
            + ", in config or storage-credentials",
            got=", ".join(sets) or "an answer without any",
            where=answer.request,
            todo="look at the catalog's vending, or take the capability vends out of its service",
        )
    place, config = _used(usable)
    return Vended(_keys({**properties, **config}, config), place.removeprefix("storage-credentials "), sets)


def _used(sets: Mapping[str, Mapping[str, str]]) -> tuple[str, Mapping[str, str]]:
    """Return the set that a client uses, with its place: of several, the first of `storage-credentials`."""
    return min(sets.items(), key=lambda one: not one[0].startswith("storage-credentials"))


def _keys(known: Mapping[str, str], config: Mapping[str, str]) -> Keys:
    cloud = clouds.in_use(config)
    if cloud is clouds.ADLS:
        made = Signature(cloud.value(config, "adls.sas-token"), blobs(known))
        secret.remember([made.secret.lstrip("?"), made.signed])  # in whatever order a client sends its parts
        return made
    if cloud is clouds.GCS:
        return Token(cloud.value(config, "gcs.oauth2.token"), known.get("gcs.service.host", _GOOGLE).rstrip("/"))
    return s3.Keys(config["s3.access-key-id"], config["s3.secret-access-key"], config.get("s3.session-token"))
