"""The files of tables: objects in S3, named by s3:// locations."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache

from tinylake.catalog import aws, errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tinylake.catalog.settings import Settings

BATCH = 1_000  # what one DeleteObjects takes
KEPT_BYTES = 64 * 1024 * 1024

log = logging.getLogger(__name__)


class Store:
    """Reads, writes and deletes with the catalog's own key; 503 where the store is not reached."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._reaching = settings.s3_endpoint
        self._kept: LRUCache[str, bytes] = LRUCache(KEPT_BYTES, len)
        self._lock = threading.Lock()

    @cached_property
    def _s3(self) -> Any:
        return aws.client(self._settings, "s3")

    def connect(self) -> None:
        """Makes the client now."""
        _ = self._s3

    def read(self, location: str) -> bytes:
        """The object's bytes; 500 with its location when it is missing."""
        bucket, key = split(location)
        with aws.reaching(self._reaching):
            try:
                return self._keep(location, bytes(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
            except self._s3.exceptions.NoSuchKey as error:
                raise errors.internal(f"a metadata file is missing: {location}") from error

    def current(self, location: str) -> bytes:
        """The bytes of a file that a pointer names, from memory where they were read or written before.

        No such file is ever written twice: who changes a table or view writes another.
        """
        with self._lock:
            kept = self._kept.get(location)
        return kept or self.read(location)

    def _keep(self, location: str, content: bytes) -> bytes:
        if len(content) <= KEPT_BYTES:
            with self._lock:
                self._kept[location] = content
        return content

    def write(self, location: str, content: bytes) -> None:
        """Returns when the object is stored."""
        bucket, key = split(location)
        with aws.reaching(self._reaching):
            self._s3.put_object(Bucket=bucket, Key=key, Body=content)
        self._keep(location, content)

    @contextmanager
    def written(self, files: Sequence[tuple[str, str]]) -> Iterator[None]:
        """The files are stored in the block, which makes them known; they do not stay when it is refused.

        A refusal comes before anything was committed. After any other failure they stay: it may have come later.
        """
        done: list[str] = []
        try:
            for location, text in files:
                done.append(location)
                self.write(location, text.encode())
            yield
        except errors.CatalogError:
            self.discard(done)
            raise

    def discard(self, locations: Iterable[str]) -> None:
        """Deletes what nothing refers to any more; a failure is logged, since it harms nobody."""
        for location in locations:
            bucket, key = split(location)
            try:
                with aws.reaching(self._reaching):
                    self._s3.delete_object(Bucket=bucket, Key=key)
            except errors.CatalogError as error:
                log.warning("orphan left", extra={"location": location, "cause": error.message})

    def holds(self, location: str) -> bool:
        """Whether any object lies below `location`."""
        bucket, prefix = split(location)
        with aws.reaching(self._reaching):
            return bool(self._s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("KeyCount"))

    def keys(self, location: str) -> list[str]:
        """The keys of all objects below `location`, which ends with a slash."""
        bucket, prefix = split(location)
        with aws.reaching(self._reaching):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def delete(self, location: str, keys: list[str]) -> None:
        """Deletes `keys` in the bucket of `location`; 500 names the first that stayed."""
        bucket, _ = split(location)
        for start in range(0, len(keys), BATCH):
            batch = {"Objects": [{"Key": key} for key in keys[start : start + BATCH]], "Quiet": True}
            with aws.reaching(self._reaching):
                refused = self._s3.delete_objects(Bucket=bucket, Delete=batch).get("Errors", [])
            if refused:
                raise errors.internal(f"{len(refused)} objects were not deleted, the first is {refused[0].get('Key')}")


def split(location: str) -> tuple[str, str]:
    """Bucket and key of an s3:// location."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bucket, key
