"""Whether a client asked for credentials or for signing, and what it is told about the store when it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tinylake.catalog import azure

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings

HEADER = "X-Iceberg-Access-Delegation"
# Where to get the next credentials: AwsClientProperties', AzureProperties' and GCPProperties' words of Iceberg's Java
# library.
REFRESH = {
    "s3": "client.refresh-credentials-endpoint",
    "abfss": "adls.refresh-credentials-endpoint",
    "gs": "gcs.oauth2.refresh-credentials-endpoint",
}


def wants_credentials(header: str | None) -> bool:
    """Whether the delegation header's list holds `vended-credentials`."""
    return "vended-credentials" in _asked(header)


def wants_signing(header: str | None) -> bool:
    """Whether the delegation header's list holds `remote-signing`; where both are asked, credentials are given."""
    return "remote-signing" in _asked(header)


def signing(base: str, endpoint: str) -> dict[str, str]:
    """Where a client has its requests signed: `base` is the catalog's address, `endpoint` the path below it.

    `s3.signer` is PyIceberg's own name for it.
    """
    return {
        "s3.remote-signing-enabled": "true",
        "s3.signer": "S3V4RestSigner",
        "s3.signer.uri": base,
        "s3.signer.endpoint": endpoint,
    }


def _asked(header: str | None) -> set[str]:
    return {word.strip().lower() for word in (header or "").split(",")}


def store(settings: Settings) -> dict[str, str]:
    """Where the store is: no secret, and every client needs it. Of local files, the location says it all."""
    return PLACES[settings.scheme](settings)


def _s3(settings: Settings) -> dict[str, str]:
    return {
        "s3.endpoint": settings.s3_endpoint,
        "s3.path-style-access": str(settings.s3_addressing == "path").lower(),
        "s3.region": settings.s3_region,
        "client.region": settings.s3_region,
    }


def _azure(settings: Settings) -> dict[str, str]:
    """The account, in PyIceberg's word (pyiceberg.io, ADLS_ACCOUNT_NAME), and where an emulator has it.

    An emulator's authorities and schemes are PyIceberg's and PyArrow's; the endpoint by host, which they call a
    connection string, is that of Iceberg's Java library (AzureProperties, ADLS_CONNECTION_STRING_PREFIX).
    """
    there = azure.place(settings.location)
    named = {"adls.account-name": there.account}
    if not settings.azure_endpoint:
        return named
    address = urlsplit(settings.azure_endpoint)
    return {
        **named,
        "adls.blob-storage-authority": address.netloc,
        "adls.blob-storage-scheme": address.scheme,
        "adls.dfs-storage-authority": address.netloc,
        "adls.dfs-storage-scheme": address.scheme,
        f"adls.connection-string.{there.host}": azure.endpoint(settings),
    }


def _gcs(settings: Settings) -> dict[str, str]:
    """An emulator's address, in a word of PyIceberg and Java; where nobody is asked who he is, that in Java's alone.

    Both are in GCPProperties (GCS_SERVICE_HOST, GCS_NO_AUTH), the former in pyiceberg.io too.
    """
    if not settings.gcs_endpoint:
        return {}
    open_to_all = {} if settings.gcs_token.get_secret_value() else {"gcs.no-auth": "true"}
    return {"gcs.service.host": settings.gcs_endpoint, **open_to_all}


def _nowhere(_: Settings) -> dict[str, str]:
    return {}


PLACES = {"s3": _s3, "abfss": _azure, "gs": _gcs, "file": _nowhere}
