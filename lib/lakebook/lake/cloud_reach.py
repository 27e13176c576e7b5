"""What a signature of Azure, or a token of Google's, can be used for: the stores' own HTTP interfaces.

Sources: Azure Blob Storage REST API; Google Cloud Storage JSON API.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lakebook import web
from lakebook.lake.reach import RefusedError, altered
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

_BLOCK = b64encode(b"attempt").decode()
_VERSION = {"x-ms-version": "2021-12-02"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A shared access signature (SAS) of Azure. Never shown. `blobs` is the URL of its account's blob service."""

    secret: str = field(repr=False)
    blobs: str

    @property
    def signed(self) -> str:
        """What the account's key made of the rest: nothing works without it."""
        return dict(parse_qsl(self.secret.lstrip("?"))).get("sig", "")

    def url(self, address: str, query: str = "") -> str:
        """Return where an object is, or what is asked of a container, with the signature behind it."""
        place = urlsplit(address)
        container, path = place.netloc.partition("@")[0], quote(place.path, safe="/=")
        asked = "&".join(part for part in (query, self.secret.lstrip("?")) if part)
        return f"{self.blobs}/{container}{path}?{asked}"

    def get(self, address: str, *, first_byte: bool = False) -> bytes:
        """Return a blob's bytes, all or the first."""
        return self._done("GET", self.url(address), {"x-ms-range": "bytes=0-0"} if first_byte else {}).content

    def head(self, address: str) -> None:
        """Ask for a blob's properties."""
        self._done("HEAD", self.url(address))

    def put(self, address: str) -> None:
        """Store a small blob."""
        self._done("PUT", self.url(address), {"x-ms-blob-type": "BlockBlob"}, b"attempt")

    def delete(self, address: str) -> None:
        """Delete a blob."""
        self._done("DELETE", self.url(address))

    def multipart(self, address: str) -> None:
        """Store a block of a blob, which is not committed: it goes by itself."""
        self._done("PUT", self.url(address, f"comp=block&blockid={quote(_BLOCK)}"), {}, b"part")

    def list(self, start: str) -> None:
        """List the blobs that begin so."""
        place = urlsplit(start)
        query = f"restype=container&comp=list&maxresults=1&prefix={quote(place.path.lstrip('/'), safe='')}"
        self._done("GET", self.url(f"{place.scheme}://{place.netloc}", query))

    def copy(self, source: str, target: str) -> None:
        """Have the store copy a blob, whose source is opened by the same signature."""
        self._done("PUT", self.url(target), {"x-ms-copy-source": self.url(source)})

    def copy_part(self, source: str, target: str) -> None:
        """Have the store copy a blob into a block of another one, which is not committed."""
        query = f"comp=block&blockid={quote(_BLOCK)}"
        self._done("PUT", self.url(target, query), {"x-ms-copy-source": self.url(source)})

    def forged(self) -> dict[str, Signature]:
        """Return it in ways that must not work: left out, altered, with more allowed than it signs, or for longer."""
        fields = dict(parse_qsl(self.secret.lstrip("?")))
        later = fields.get("se", "").replace("20", "21", 1)
        forged = {
            "altered": {"sig": altered(self.signed)},
            "more permissions": {"sp": "racwdxltmeop"},
        }
        return {
            "no signature": replace(self, secret=""),
            **{name: replace(self, secret=urlencode(fields | wrong)) for name, wrong in forged.items()},
            "a later expiry": replace(self, secret=urlencode(fields | {"se": later})),
        }

    def _done(
        self, method: str, url: str, headers: dict[str, str] | None = None, content: bytes = b""
    ) -> httpx.Response:
        answer = web.request(method, url, headers=_VERSION | (headers or {}), content=content, timeout=TIMEOUTS.s3)
        stated = re.search(r"<Code>([^<]+)</Code>", answer.text) if answer.is_error else None
        return _required(answer, answer.headers.get("x-ms-error-code") or (stated[1] if stated else ""))


def blobs(known: Mapping[str, str]) -> str:
    """Return the URL of an account's blob service: Azure's own, unless the properties of PyIceberg say otherwise."""
    behind = next((name for name in known if name.startswith("adls.sas-token.")), "").removeprefix("adls.sas-token.")
    account = known.get("adls.account-name") or behind.partition(".")[0]
    authority = known.get("adls.blob-storage-authority", ".blob.core.windows.net")
    host = f"{account}{authority}" if authority.startswith(".") else f"{authority}/{account}"
    return f"{known.get('adls.blob-storage-scheme', 'https')}://{host}"


@dataclass(frozen=True, slots=True)
class Token:
    """An OAuth2 access token for Google's cloud storage. Never shown. `url` is where the service is."""

    secret: str = field(repr=False)
    url: str

    def get(self, address: str, *, first_byte: bool = False) -> bytes:
        """Return an object's bytes, all or the first."""
        return self._done("GET", self._object(address), {"alt": "media"}, {"range": "bytes=0-0"} if first_byte else {})

    def head(self, address: str) -> None:
        """Ask for an object's metadata."""
        self._done("GET", self._object(address))

    def put(self, address: str) -> None:
        """Store a small object."""
        bucket, name = _split(address)
        self._done(
            "POST", f"/upload/storage/v1/b/{bucket}/o", {"uploadType": "media", "name": name}, content=b"attempt"
        )

    def delete(self, address: str) -> None:
        """Delete an object."""
        self._done("DELETE", self._object(address))

    def multipart(self, address: str) -> None:
        """Begin to store an object in parts; without any it never comes to be."""
        bucket, name = _split(address)
        self._done("POST", f"/upload/storage/v1/b/{bucket}/o", {"uploadType": "resumable", "name": name})

    def list(self, start: str) -> None:
        """List the objects that begin so."""
        bucket, prefix = _split(start)
        self._done("GET", f"/storage/v1/b/{bucket}/o", {"prefix": prefix, "maxResults": "1"})

    def copy(self, source: str, target: str) -> None:
        """Have the store copy an object."""
        self._done("POST", f"{self._object(source)}/rewriteTo{self._object(target).removeprefix('/storage/v1')}")

    def copy_part(self, source: str, target: str) -> None:
        """Have the store make an object of another one."""
        bucket, name = _split(target)
        composed = {"sourceObjects": [{"name": _split(source)[1]}]}
        self._done("POST", f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}/compose", json=composed)

    @staticmethod
    def _object(address: str) -> str:
        bucket, name = _split(address)
        return f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}"

    def _done(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> bytes:
        told = {**({"authorization": f"Bearer {self.secret}"} if self.secret else {}), **(headers or {})}
        answer = web.request(method, f"{self.url}{path}", params=query, headers=told, timeout=TIMEOUTS.s3, **sent)
        return _required(answer, "").content


def _split(address: str) -> tuple[str, str]:
    bucket, _, name = address.removeprefix("gs://").partition("/")
    return bucket, name


def _required(answer: httpx.Response, code: str) -> httpx.Response:
    if answer.is_error:
        raise RefusedError(answer.status_code, code or answer.reason_phrase)
    return answer
