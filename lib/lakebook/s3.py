"""boto3 clients with our time-outs: S3, STS and IAM at an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key; with a session token, a temporary one. Never shown."""

    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def client(api: str, url: str, keys: Keys, region: str = _REGION, *, addressing: str = "path") -> Any:
    """Return a boto3 client for "s3", "sts" or "iam" that knows these keys alone, whatever the environment holds.

    `addressing` says where a bucket's name stands in an address: in its "path", or "virtual", in its host.
    """
    config = Config(
        connect_timeout=TIMEOUTS.s3,
        read_timeout=TIMEOUTS.s3,
        retries={"total_max_attempts": 2},
        s3={"addressing_style": addressing},
    )
    return _session().client(
        api,
        endpoint_url=url,
        aws_access_key_id=keys.key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.session_token,
        region_name=region,
        config=config,
    )


def like(store: Any, keys: Keys) -> Any:
    """Return a client of the same store with other keys."""
    meta = store.meta
    return client("s3", meta.endpoint_url, keys, meta.region_name, addressing=meta.config.s3["addressing_style"])


def keyless(url: str, region: str = _REGION) -> Any:
    """Return a boto3 client for S3 that has no key: whoever signs its requests does it in its event before-sign."""
    config = Config(
        signature_version=UNSIGNED,
        connect_timeout=TIMEOUTS.s3,
        read_timeout=TIMEOUTS.s3,
        retries={"total_max_attempts": 1},
        s3={"addressing_style": "path"},
    )
    return _session().client("s3", endpoint_url=url, region_name=region, config=config)


def _session() -> Any:
    """Return a session of its own, which need not read the descriptions of the services once more."""
    inner = botocore.session.get_session()
    inner.register_component("data_loader", _loader())
    return boto3.session.Session(botocore_session=inner)


@cache
def _loader() -> Any:
    return botocore.session.get_session().get_component("data_loader")


def split(address: str) -> tuple[str, str]:
    """Return bucket and key of an address s3://bucket/key."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key


def keys(store: Any, address: str) -> Iterator[list[str]]:
    """Yield the keys of the objects whose address starts so, page by page; `address` is s3://bucket/prefix."""
    bucket, prefix = split(address)
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield [entry["Key"] for entry in page.get("Contents", [])]


def remove(store: Any, address: str) -> None:
    """Delete every object whose address starts so; `address` is s3://bucket/prefix."""
    for page in keys(store, address):
        if page:
            objects = [{"Key": key} for key in page]
            store.delete_objects(Bucket=split(address)[0], Delete={"Objects": objects, "Quiet": True})
