"""The scenario's own prefix in the source bucket, where files land."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakebook import s3

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.data import Batch
    from lakebook.faults.proxy import Proxy


@dataclass(frozen=True, slots=True)
class Landed:
    """What was uploaded: the counts that a run's metrics must equal, and the rows that a table must hold."""

    paths: tuple[str, ...]
    bytes: int
    rows: pa.Table = field(repr=False)

    @property
    def files(self) -> int:
        """How many files."""
        return len(self.paths)

    @property
    def records(self) -> int:
        """How many rows."""
        return int(self.rows.num_rows)

    def __add__(self, other: Landed) -> Landed:
        """Return both together; a column that one of them lacks is NULL there, of two types the wider one is taken."""
        rows = pa.concat_tables([self.rows, other.rows], promote_options="permissive")
        return Landed(self.paths + other.paths, self.bytes + other.bytes, rows)


@dataclass(frozen=True, slots=True)
class Source:
    """A bucket prefix with the key that may read it."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    keys: s3.Keys = field(repr=False)
    store: Any = field(repr=False)
    pattern: str = "*.json"

    @property
    def path(self) -> str:
        """The address of the folder, with its slash."""
        return f"s3://{self.bucket}/{self.prefix}/data/"

    def put(self, batch: Batch) -> Landed:
        """Upload a batch's files, each in the format of its name; return what landed."""
        total = 0
        for file in batch:
            total += self.put_bytes(file.name, file.content())
        return Landed(tuple(self.path + file.name for file in batch), total, batch.rows)

    def put_bytes(self, name: str, content: bytes) -> int:
        """Upload one file as it is; return its size in bytes."""
        self.store.put_object(Bucket=self.bucket, Key=f"{self.prefix}/data/{name}", Body=content)
        return len(content)

    def description(self) -> Mapping[str, object]:
        """Return the `source` of a request to the ingestion API, the key included."""
        return {
            "type": "s3",
            "path": self.path,
            "file_pattern": self.pattern,
            "credentials": {
                "aws_access_key_id": self.keys.key_id,
                "aws_secret_access_key": self.keys.secret,
                "endpoint_url": self.endpoint,
                "region": self.region,
            },
        }

    def through(self, proxy: Proxy) -> Source:
        """Return the source as a service sees it through a proxy; this process goes on putting files directly."""
        return replace(self, endpoint=proxy.url)

    def named(self, prefix: str) -> Source:
        """Return the source under another prefix of the same bucket."""
        return replace(self, prefix=prefix)

    def matching(self, pattern: str) -> Source:
        """Return the source with another pattern of names, such as "*.parquet": which of its files are loaded."""
        return replace(self, pattern=pattern)

    def folder(self, name: str) -> Source:
        """Return a source of its own below this one's prefix, which does not hold the files of this one."""
        return self.named(f"{self.prefix}/{name}")

    def remove(self) -> None:
        """Delete everything below the scenario's prefix."""
        s3.remove(self.store, f"s3://{self.bucket}/{self.prefix}/")
