"""Short-lived credentials for one table in Azure storage: a service SAS, signed with the account's key.

https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas

A directory's SAS (sr=d) reaches the table's folder and no other, and takes an account with a hierarchical namespace. A
container's (sr=c) is for accounts without: it reaches every table in the container, by Azure's design.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tinylake.catalog import azure

if TYPE_CHECKING:
    from tinylake.catalog.settings import Grant, Settings
    from tinylake.catalog.tables import Pointer

READS = "rl"
WRITES = "racwdl"


def credentials(settings: Settings, pointer: Pointer, grant: Grant) -> dict[str, str]:
    """The properties that let a client reach the table until the token expires (milliseconds since 1970).

    `adls.sas-token.HOST` and `adls.sas-token-expires-at-ms.HOST` are those of Iceberg's Java library (AzureProperties,
    ADLS_SAS_TOKEN_PREFIX and ADLS_SAS_TOKEN_EXPIRES_AT_MS_PREFIX), `adls.sas-token` is PyIceberg's (pyiceberg.io,
    ADLS_SAS_TOKEN). PyArrow appends the latter to the account's URL as it is, so it begins with a question mark.
    """
    expires_at = expiry(settings)
    token = sign(settings, pointer.location, grant, expires_at)
    host = azure.place(pointer.location).host
    return {
        f"adls.sas-token.{host}": token,
        f"adls.sas-token-expires-at-ms.{host}": str(int(expires_at.timestamp()) * 1000),
        "adls.sas-token": f"?{token}",
    }


def expiry(settings: Settings) -> datetime:
    """When a token that is signed now expires: a whole second, as a SAS tells it, and never later than asked."""
    return (datetime.now(UTC) + timedelta(seconds=settings.credential_seconds)).replace(microsecond=0)


def sign(settings: Settings, location: str, grant: Grant, expires_at: datetime) -> str:
    """A SAS for what lies at `location`, without a question mark.

    It names no start: such a token is valid at once, also where the store's clock is behind.
    """
    from azure.storage.blob import generate_container_sas  # noqa: PLC0415  (half a second; other stores need none)
    from azure.storage.filedatalake import generate_directory_sas  # noqa: PLC0415

    there, key = azure.place(location), settings.azure_account_key.get_secret_value()
    permission = WRITES if grant == "write" else READS
    if settings.azure_sas == "container":
        return str(
            generate_container_sas(
                there.account, there.container, account_key=key, permission=permission, expiry=expires_at
            )
        )
    return str(
        generate_directory_sas(
            there.account, there.container, there.path, credential=key, permission=permission, expiry=expires_at
        )
    )
