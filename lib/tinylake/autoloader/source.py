"""The object store that is read: a client with short time-outs, and its errors in the service's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.secrecy import redact, without_userinfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 20, 2
CAUSES = {
    "InvalidAccessKeyId": ErrorType.INVALID_CREDENTIALS,
    "SignatureDoesNotMatch": ErrorType.INVALID_CREDENTIALS,
    "InvalidClientTokenId": ErrorType.INVALID_CREDENTIALS,
    "InvalidToken": ErrorType.INVALID_CREDENTIALS,
    "ExpiredToken": ErrorType.INVALID_CREDENTIALS,
    "AuthFailure": ErrorType.INVALID_CREDENTIALS,
    "AccessDenied": ErrorType.ACCESS_DENIED,
    "403": ErrorType.ACCESS_DENIED,
    "NoSuchBucket": ErrorType.MISSING_BUCKET,
    "NoSuchKey": ErrorType.MISSING_FILE,
    "404": ErrorType.MISSING_FILE,
    "PreconditionFailed": ErrorType.CHANGED_FILE,
    "412": ErrorType.CHANGED_FILE,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of a listing."""

    path: str
    etag: str
    size: int
    modified: str


@dataclass(frozen=True, slots=True)
class Source:
    """A prefix in an object store, the client that may read it, and the credentials with which others could."""

    bucket: str
    prefix: str
    address: str
    client: Any = field(repr=False)
    credentials: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def objects(self) -> Iterator[Listed]:
        """Everything in the folder that the path names, or that one object; Failure names cause and address."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        with_root = f"s3://{self.bucket}/"
        for page in _translated(iter(pages), f"s3://{self.bucket}/{self.prefix} at {self.address}"):
            for item in page.get("Contents", []):
                if not self.holds(item["Key"]):
                    continue
                yield Listed(
                    with_root + item["Key"], item["ETag"].strip('"'), item["Size"], item["LastModified"].isoformat()
                )

    def holds(self, key: str) -> bool:
        """Whether a key lies in the source: `orders` holds orders and orders/1.json, not orders2/1.json."""
        inside = self.prefix if self.prefix.endswith("/") else f"{self.prefix}/"
        return not self.prefix or key == self.prefix or key.startswith(inside)

    def body(self, path: str, etag: str) -> Any:
        """A stream of the object's bytes, of exactly the version that was listed."""
        key = path.removeprefix(f"s3://{self.bucket}/")
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key, IfMatch=f'"{etag}"')["Body"]
        except Exception as error:
            raise failure_of(error, f"{path} at {self.address}") from error


def open_source(definition: Mapping[str, Any], credentials: Mapping[str, Any]) -> Source:
    """The source that an ingestion names. Opens no connection."""
    import boto3  # noqa: PLC0415 - 0.2 s that the start of the service does not wait for
    from botocore import session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    place = urlsplit(definition["path"])
    endpoint = credentials.get("endpoint_url") or None
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        s3={"addressing_style": "path"} if endpoint else None,
    )
    inner = session.get_session()
    inner.register_component("data_loader", _loader())
    client = boto3.session.Session(
        aws_access_key_id=credentials.get("aws_access_key_id"),
        aws_secret_access_key=credentials.get("aws_secret_access_key"),
        aws_session_token=credentials.get("aws_session_token"),
        region_name=credentials.get("region") or "us-east-1",
        botocore_session=inner,
    ).client("s3", endpoint_url=endpoint, config=config)
    return Source(place.netloc, place.path.lstrip("/"), without_userinfo(client.meta.endpoint_url), client, credentials)


@cache
def _loader() -> Any:
    """What reads the descriptions of the services: once, and not for each client."""
    from botocore import session  # noqa: PLC0415

    return session.get_session().get_component("data_loader")


def failure_of(error: Exception, where: str) -> Failure:
    """What an error of the object store's client means, with where it happened."""
    from botocore import exceptions  # noqa: PLC0415

    if isinstance(error, Failure):
        return error
    if isinstance(error, exceptions.ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        said = error.response.get("Error", {}).get("Message", "")
        return Failure(CAUSES.get(code, ErrorType.SOURCE_ERROR), redact(f"cannot read {where}: {code}: {said}"))
    if isinstance(error, exceptions.NoCredentialsError | exceptions.PartialCredentialsError):
        return Failure(ErrorType.INVALID_CREDENTIALS, redact(f"cannot read {where}: {error}"))
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError | OSError):
        return Failure(ErrorType.ENDPOINT_UNREACHABLE, redact(f"cannot reach {where}: {error}"))
    return Failure(ErrorType.SOURCE_ERROR, redact(f"cannot read {where}: {error}"))


def _translated(pages: Iterator[Any], where: str) -> Iterator[Any]:
    try:
        yield from pages
    except Exception as error:
        raise failure_of(error, where) from error
