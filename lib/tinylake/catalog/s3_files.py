"""Objects in S3, named by s3:// locations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tinylake.catalog import aws, errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinylake.catalog.settings import Settings

BATCH = 1_000  # what one DeleteObjects takes


class S3Files:
    """Reads, writes and deletes with the catalog's own key."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._reaching = settings.s3_endpoint

    @cached_property
    def _s3(self) -> Any:
        return aws.client(self._settings, "s3")

    def connect(self) -> None:
        """Makes the client now."""
        _ = self._s3

    def read(self, location: str) -> bytes:
        """The object's bytes."""
        bucket, key = split(location)
        with aws.reaching(self._reaching):
            try:
                return bytes(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())
            except self._s3.exceptions.NoSuchKey as error:
                raise errors.missing_file(location) from error

    def write(self, location: str, content: bytes) -> None:
        """Returns when the object is stored."""
        bucket, key = split(location)
        with aws.reaching(self._reaching):
            self._s3.put_object(Bucket=bucket, Key=key, Body=content)

    def remove(self, location: str) -> None:
        """Deletes the object."""
        bucket, key = split(location)
        with aws.reaching(self._reaching):
            self._s3.delete_object(Bucket=bucket, Key=key)

    def holds(self, location: str) -> bool:
        """Whether any object's key begins as `location` does."""
        bucket, prefix = split(location)
        with aws.reaching(self._reaching):
            return bool(self._s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("KeyCount"))

    def keys(self, location: str) -> list[str]:
        """The keys of all objects below `location`."""
        bucket, prefix = split(location)
        with aws.reaching(self._reaching):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys` in the bucket of `location`."""
        bucket, _ = split(location)
        for start in range(0, len(keys), BATCH):
            batch = {"Objects": [{"Key": key} for key in keys[start : start + BATCH]], "Quiet": True}
            with aws.reaching(self._reaching):
                refused = self._s3.delete_objects(Bucket=bucket, Delete=batch).get("Errors", [])
            if refused:
                raise errors.not_deleted([str(one.get("Key")) for one in refused])


def split(location: str) -> tuple[str, str]:
    """Bucket and key of an s3:// location."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bucket, key
