"""What every S3 store of a stack has in common: its buckets, and what each of its users may do."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lakebook.stack.service import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = "us-east-1"
WAREHOUSE_BUCKET = "lakebook-warehouse"
SOURCE_BUCKET = "lakebook-sources"
BUCKETS = (WAREHOUSE_BUCKET, SOURCE_BUCKET)
# Who has a key of its own, beside `admin`, and to which bucket: each has the rights of its part, no more.
USERS = {"catalog": WAREHOUSE_BUCKET, "engine": WAREHOUSE_BUCKET, "source": SOURCE_BUCKET}
ENVIRONMENT = "environment."  # what a store publishes so named, its clients need in their environment


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the clients of a store need in their environment, from what it published."""
    return {name.removeprefix(ENVIRONMENT): value for name, value in values.items() if name.startswith(ENVIRONMENT)}


def policy(*statements: tuple[str, str]) -> dict[str, Any]:
    """Return an IAM policy that allows each action on its resource."""
    allowed = [{"Effect": "Allow", "Action": [action], "Resource": [resource]} for action, resource in statements]
    return {"Version": "2012-10-17", "Statement": allowed}


def all_of(bucket: str) -> tuple[tuple[str, str], ...]:
    """Return the statements that allow everything in a bucket."""
    return (("s3:*", f"arn:aws:s3:::{bucket}"), ("s3:*", f"arn:aws:s3:::{bucket}/*"))


def make_buckets(store: Any) -> None:
    """Create the buckets, those that are there already excepted; `store` is a boto3 client."""
    for bucket in BUCKETS:
        with suppress(store.exceptions.BucketAlreadyOwnedByYou):
            store.create_bucket(Bucket=bucket)


def endpoint(url: str, users: Mapping[str, tuple[str, str]], **values: str) -> Endpoint:
    """Return what a store gives to others: its buckets, and key and secret of each user.

    `values` say how a catalog vends on it: `vending` (role_policy | session_policy), and with session policies the
    `role_arn` to assume and the `shortest_session_seconds` that it grants.
    """
    return Endpoint(
        url,
        {"region": REGION, "warehouse_bucket": WAREHOUSE_BUCKET, "source_bucket": SOURCE_BUCKET, **values},
        {
            f"{user}_{part}": value
            for user, pair in users.items()
            for part, value in zip(("key", "secret"), pair, strict=True)
        },
    )
