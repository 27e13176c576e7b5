"""A request to the object store, taken apart so that every part of it is understood; else it is refused.

What is signed later is put together again from these parts, so nothing can be signed that was not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from urllib.parse import SplitResult

PORTS = {"http": 80, "https": 443}
PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
QUERY = re.compile(
    r"(?:[A-Za-z0-9._~!$'()*,:@/=&?-]|%[0-9A-Fa-f]{2})*"
)  # no plus sign: a space to some, itself to others
NAME = re.compile(r"[A-Za-z0-9-]+")
VALUE = re.compile(r"[\t\x20-\x7e]*")
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class S3Request:
    """One request: `key` is decoded, and empty for the bucket itself; header names are in lower case."""

    method: str
    address: str
    host: str
    bucket: str
    key: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]

    @property
    def parameters(self) -> dict[str, str]:
        """The query by name."""
        return dict(self.query)

    @property
    def path(self) -> str:
        """The path in the one spelling that a signature has."""
        return quote(f"/{self.bucket}/{self.key}" if self.key else f"/{self.bucket}", safe="/-_.~")

    @property
    def query_string(self) -> str:
        """The query in the one spelling and order that a signature has."""
        pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in self.query)
        return "&".join(f"{name}={value}" for name, value in pairs)

    @property
    def uri(self) -> str:
        """The whole address."""
        return f"{self.address}{self.path}{'?' if self.query else ''}{self.query_string}"


def read(endpoint: str, method: str, uri: str, headers: Mapping[str, Sequence[str]]) -> S3Request:
    """The request, when it goes to `endpoint` with the bucket in its path; else 400."""
    path = _path(endpoint, uri)
    parts = urlsplit(uri)
    bucket, _, key = path.partition("/")
    if not bucket or "%" in bucket:
        raise errors.bad_request("the request names no bucket in its path")
    named = _headers(headers)
    if named.get("host", parts.netloc).lower() != parts.netloc.lower():
        raise errors.bad_request("the request's Host header is not that of its uri")
    return S3Request(method.upper(), endpoint.rstrip("/"), parts.netloc, bucket, decoded(key), _query(parts), named)


def decoded(text: str) -> str:
    """Percent-encoded text, decoded once; 400 when it is not UTF-8."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise errors.bad_request("the request's uri is not UTF-8") from error


def is_below(folder: str, key: str) -> bool:
    """Whether a key lies in a folder (which ends with a slash) however often somebody decodes it on its way."""
    while True:
        if not key.startswith(folder) or UNSAFE.search(key) or {".", ".."} & set(key.split("/")):
            return False
        further = unquote(key, errors="replace")
        if further == key:
            return True
        key = further


def _path(endpoint: str, uri: str) -> str:
    """The path below the endpoint's own, as it came, without its first slash."""
    asked, ours = urlsplit(uri), urlsplit(endpoint.rstrip("/"))
    if not uri.isascii() or not uri.isprintable() or " " in uri or "#" in uri:
        raise errors.bad_request("the request's uri is not one")
    if _place(asked) != _place(ours) or not asked.path.startswith(f"{ours.path}/"):
        raise errors.forbidden(f"the request does not go to this catalog's object store, {endpoint}")
    path = asked.path.removeprefix(ours.path)[1:]
    if not PATH.fullmatch(path):
        raise errors.bad_request("the request's uri has a path that is not encoded as it should be")
    return path


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    try:
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError as error:
        raise errors.bad_request("the request's uri has no port that could be one") from error
    return parts.scheme, parts.netloc.rpartition(":")[0] if parts.port else parts.netloc, port


def _query(parts: SplitResult) -> tuple[tuple[str, str], ...]:
    """The parameters, each of which stands once."""
    if not QUERY.fullmatch(parts.query):
        raise errors.bad_request("the request's uri has a query that is not encoded as it should be")
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise errors.bad_request("the request's uri is not UTF-8") from error
    if len(dict(pairs)) < len(pairs):
        raise errors.bad_request("a parameter stands more than once in the request's query")
    return tuple(pairs)


def _headers(headers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    named = {name.lower(): ",".join(value.strip() for value in values) for name, values in headers.items()}
    if len(named) < len(headers):
        raise errors.bad_request("a header stands more than once, in different spellings")
    if wrong := [name for name, value in named.items() if not NAME.fullmatch(name) or not VALUE.fullmatch(value)]:
        raise errors.bad_request(f"these headers cannot be sent: {sorted(wrong)!r}")
    return named
