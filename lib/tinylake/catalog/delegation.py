"""Whether a client asked for credentials or for signing, and what it is told about the store when it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings

HEADER = "X-Iceberg-Access-Delegation"


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
    """Where the store is: no secret, and every client needs it."""
    return {
        "s3.endpoint": settings.s3_endpoint,
        "s3.path-style-access": str(settings.s3_addressing == "path").lower(),
        "s3.region": settings.s3_region,
        "client.region": settings.s3_region,
    }
