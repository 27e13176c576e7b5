"""Clients of the object store and its IAM and STS, and their failures in the catalog's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinylake.catalog.settings import Settings

CONNECT_SECONDS = 2
READ_SECONDS = 20
ATTEMPTS = 3
CONNECTIONS = 40


def client(settings: Settings, service: str) -> Any:
    """A boto3 client of `service` with the catalog's own key."""
    import boto3  # noqa: PLC0415  (a third of a second, and not needed to begin listening)
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=CONNECTIONS,
        s3={"addressing_style": settings.s3_addressing},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        parameter_validation=service != "sts",  # boto asks for sessions of 15 minutes or more; the store is to decide
    )
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=(settings.sts_endpoint if service == "sts" else "") or settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id,
        aws_secret_access_key=settings.s3_secret_access_key.get_secret_value(),
        config=config,
    )


@contextmanager
def reaching(endpoint: str) -> Iterator[None]:
    """Turns what boto raises into 503 (not reached, or not able now) or 500 (refused), with the endpoint's address."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except BotoCoreError as error:
        raise errors.store_unreachable(endpoint, type(error).__name__) from error
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        told = f"{error.response['Error']['Code']} to {error.operation_name}"
        raise errors.store_answered(endpoint, told, able=status < 500) from error
