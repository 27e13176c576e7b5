"""Whether a client asked for credentials, and what it is told about the store when it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings

HEADER = "X-Iceberg-Access-Delegation"


def wants_credentials(header: str | None) -> bool:
    """Whether the delegation header's list holds `vended-credentials`."""
    return "vended-credentials" in {word.strip().lower() for word in (header or "").split(",")}


def store(settings: Settings) -> dict[str, str]:
    """Where the store is: no secret, and every client needs it."""
    return {
        "s3.endpoint": settings.s3_endpoint,
        "s3.path-style-access": "true",
        "s3.region": settings.s3_region,
        "client.region": settings.s3_region,
    }
