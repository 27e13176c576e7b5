"""What a key of S3 can be used for: one method for each operation that an attack tries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from lakebook import s3


class RefusedError(Exception):
    """A store that is not S3 answered with an error."""

    def __init__(self, status: int, code: str) -> None:
        """Keep the HTTP status, and the code that the store gave."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


def altered(secret: str) -> str:
    """Return a secret with another letter in its middle: of the last ones, base64 can carry bits that do not count."""
    middle = len(secret) // 2
    return secret[:middle] + ("A" if secret[middle : middle + 1] != "A" else "B") + secret[middle + 1 :]


class Reach(Protocol):
    """A store as one key opens it. Objects are named by their addresses. Each method raises what the client raises."""

    def get(self, address: str, *, first_byte: bool = False) -> bytes:
        """Return an object's bytes, all or the first."""

    def head(self, address: str) -> None:
        """Ask for an object's size."""

    def put(self, address: str) -> None:
        """Store a small object."""

    def delete(self, address: str) -> None:
        """Delete an object."""

    def multipart(self, address: str) -> None:
        """Begin to store an object in parts; nothing of it stays."""

    def list(self, start: str) -> None:
        """List what begins so."""

    def copy(self, source: str, target: str) -> None:
        """Have the store copy an object."""

    def copy_part(self, source: str, target: str) -> None:
        """Have the store copy an object as a part of another one, which does not stay."""


@dataclass(frozen=True, slots=True)
class S3Reach:
    """An S3 store as one key opens it: a boto3 client with it.

    `own` is a client that may do everything: it begins and ends uploads, so that only the operation itself decides.
    """

    store: Any = field(repr=False)
    own: Any = field(repr=False)

    def get(self, address: str, *, first_byte: bool = False) -> bytes:
        """Return an object's bytes, all or the first."""
        part = {"Range": "bytes=0-0"} if first_byte else {}
        content: bytes = self.store.get_object(**_at(address), **part)["Body"].read()
        return content

    def head(self, address: str) -> None:
        """Ask for an object's size."""
        self.store.head_object(**_at(address))

    def put(self, address: str) -> None:
        """Store a small object."""
        self.store.put_object(**_at(address), Body=b"attempt")

    def delete(self, address: str) -> None:
        """Delete an object."""
        self.store.delete_object(**_at(address))

    def multipart(self, address: str) -> None:
        """Begin to store an object in parts; nothing of it stays."""
        upload = self.store.create_multipart_upload(**_at(address))["UploadId"]
        try:
            self.store.upload_part(**_at(address), UploadId=upload, PartNumber=1, Body=b"part")
        finally:
            self.own.abort_multipart_upload(**_at(address), UploadId=upload)

    def list(self, start: str) -> None:
        """List what begins so."""
        bucket, prefix = s3.split(start)
        self.store.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)

    def copy(self, source: str, target: str) -> None:
        """Have the store copy an object."""
        self.store.copy_object(**_at(target), CopySource=_at(source))

    def copy_part(self, source: str, target: str) -> None:
        """Have the store copy an object as a part of another one, which does not stay."""
        upload = self.own.create_multipart_upload(**_at(target))["UploadId"]
        try:
            self.store.upload_part_copy(**_at(target), UploadId=upload, PartNumber=1, CopySource=_at(source))
        finally:
            self.own.abort_multipart_upload(**_at(target), UploadId=upload)


def _at(address: str) -> dict[str, str]:
    bucket, key = s3.split(address)
    return {"Bucket": bucket, "Key": key}
