"""boto3 clients with our time-outs: S3, STS and IAM at an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from lakebook.timeouts import TIMEOUTS

_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key; with a session token, a temporary one. Never shown."""

    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def client(api: str, url: str, keys: Keys, region: str = _REGION) -> Any:
    """Return a boto3 client for "s3", "sts" or "iam" that knows these keys alone, whatever the environment holds."""
    config = Config(
        connect_timeout=TIMEOUTS.s3,
        read_timeout=TIMEOUTS.s3,
        retries={"total_max_attempts": 2},
        s3={"addressing_style": "path"},
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


def _session() -> Any:
    """Return a session of its own, which need not read the descriptions of the services once more."""
    inner = botocore.session.get_session()
    inner.register_component("data_loader", _loader())
    return boto3.session.Session(botocore_session=inner)


@cache
def _loader() -> Any:
    return botocore.session.get_session().get_component("data_loader")


def remove(store: Any, address: str) -> None:
    """Delete every object whose address starts so; `address` is s3://bucket/prefix."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
        if keys:
            store.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
