"""What may be signed for a table: the operations that a table's files need, on keys in its location.

Everything is listed that is allowed; whatever else a request asks for is refused.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tinylake.catalog import errors, s3_files, s3_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinylake.catalog.s3_requests import S3Request
    from tinylake.catalog.settings import Grant

S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"
CONTENT_SHA256, COPY_SOURCE = "x-amz-content-sha256", "x-amz-copy-source"
CHUNKS_SIGNED = "STREAMING-AWS4"  # each chunk of the body would need the key
HEADERS = re.compile(
    r"x-amz-(date|content-sha256|decoded-content-length|trailer|sdk-checksum-algorithm|user-agent|storage-class"
    r"|expected-bucket-owner|metadata-directive|copy-source|copy-source-range|copy-source-if-[a-z-]+"
    r"|checksum-[a-z0-9]+|meta-[a-z0-9-]+|server-side-encryption[a-z0-9-]*)"
)
LISTING = frozenset(
    {"delimiter", "max-keys", "encoding-type", "fetch-owner", "continuation-token", "start-after", "marker"}
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its method, on an object or the bucket, and the parameters that it must and may have."""

    name: str
    method: str
    on_object: bool
    writes: bool
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()

    def fits(self, request: S3Request) -> bool:
        """Whether the request is this operation, and asks for nothing beside it."""
        given = set(request.parameters) - {"x-id"}  # a name that SDKs send along
        same = self.method == request.method and self.on_object == bool(request.key)
        return same and self.must <= given <= self.must | self.may


PART, UPLOAD = frozenset({"partNumber"}), frozenset({"uploadId"})
OPERATIONS = (
    Operation("GetObject", "GET", on_object=True, writes=False, may=PART),
    Operation("HeadObject", "HEAD", on_object=True, writes=False, may=PART),
    Operation("ListObjects", "GET", False, False, frozenset({"prefix"}), LISTING | {"list-type"}),
    Operation("PutObject", "PUT", on_object=True, writes=True),
    Operation("UploadPart", "PUT", on_object=True, writes=True, must=PART | UPLOAD),
    Operation("DeleteObject", "DELETE", on_object=True, writes=True),
    Operation("DeleteObjects", "POST", on_object=False, writes=True, must=frozenset({"delete"})),
    Operation("CreateMultipartUpload", "POST", on_object=True, writes=True, must=frozenset({"uploads"})),
    Operation("CompleteMultipartUpload", "POST", on_object=True, writes=True, must=UPLOAD),
    Operation("AbortMultipartUpload", "DELETE", on_object=True, writes=True, must=UPLOAD),
    Operation("ListParts", "GET", True, True, UPLOAD, frozenset({"max-parts", "part-number-marker"})),
)


def check(request: S3Request, location: str, grant: Grant, body: str | None) -> str | None:
    """The hash that the request's body must have, or None for any; 403 for what is not allowed, 400 for nonsense."""
    operation = next((one for one in OPERATIONS if one.fits(request)), None)
    if operation is None:
        told = f"{request.method} of {'an object' if request.key else 'the bucket'}"
        raise errors.forbidden(f"{told} with {sorted(request.parameters)} is nothing that a table needs")
    if operation.writes and grant != "write":
        raise errors.forbidden(f"{operation.name} needs a write grant")
    bucket, folder = s3_files.split(location)
    if outside := [
        key for key in _keys(operation, request, body) if not _is_inside(bucket, folder, request.bucket, key)
    ]:
        raise errors.forbidden(f"{operation.name}: {outside[0]!r} is not in this table's location")
    _check_headers(request, bucket, folder, operation)
    return _body_hash(request, body) if operation.name == "DeleteObjects" else None


def _is_inside(bucket: str, folder: str, asked_bucket: str, key: str) -> bool:
    return asked_bucket == bucket and s3_requests.is_below(folder, key)


def _keys(operation: Operation, request: S3Request, body: str | None) -> Iterator[str]:
    """All keys, or beginnings of keys, that the operation reaches."""
    if request.key:
        yield request.key
    elif operation.name == "ListObjects":
        yield request.parameters["prefix"]
    else:
        yield from _deleted(body)


def _deleted(body: str | None) -> Iterator[str]:
    """The keys in a DeleteObjects body; 400 for a body that says anything else."""
    if not body or "<!" in body:
        raise errors.bad_request("DeleteObjects can be signed only with its body, without a document type")
    try:
        root = ET.fromstring(body)  # noqa: S314  (no entity can be declared without a document type)
    except (ET.ParseError, ValueError) as error:
        raise errors.bad_request("the body of DeleteObjects is not XML") from error
    objects = [part for part in root if part.tag.removeprefix(S3) != "Quiet"]
    for part in objects:
        (key, *more) = [*part] or [None]
        if part.tag.removeprefix(S3) != "Object" or key is None or more or key.tag.removeprefix(S3) != "Key":
            raise errors.bad_request("the body of DeleteObjects may name keys, and nothing else")
        yield key.text or ""
    if not objects:
        raise errors.bad_request("the body of DeleteObjects names no key")


def _check_headers(request: S3Request, bucket: str, folder: str, operation: Operation) -> None:
    asked = [name for name in request.headers if name.startswith("x-amz-")]
    if wrong := sorted(name for name in asked if not HEADERS.fullmatch(name)):
        raise errors.forbidden(f"these headers cannot be signed: {', '.join(wrong)}")
    if request.headers.get(CONTENT_SHA256, "").startswith(CHUNKS_SIGNED):
        raise errors.forbidden("a body whose chunks are signed one by one cannot be signed from here")
    if any(name.startswith(COPY_SOURCE) for name in asked):
        _check_source(request.headers.get(COPY_SOURCE, ""), bucket, folder, operation)


def _check_source(source: str, bucket: str, folder: str, operation: Operation) -> None:
    """403 unless what is copied from is in the table too, and said in the plainest way."""
    named, _, key = source.removeprefix("/").partition("/")
    plain = not set("+?#") & set(source) and operation.name in {"PutObject", "UploadPart"}
    if not plain or not _is_inside(bucket, folder, named, s3_requests.decoded(key)):
        raise errors.forbidden(f"{COPY_SOURCE} is not in this table's location")


def _body_hash(request: S3Request, body: str | None) -> str:
    """The hash of exactly the body that was read; 403 when the request says that it will send another."""
    own = hashlib.sha256((body or "").encode()).hexdigest()
    if request.headers.get(CONTENT_SHA256, own) != own:
        raise errors.forbidden(f"{CONTENT_SHA256} must be that of the body which was sent along")
    return own
