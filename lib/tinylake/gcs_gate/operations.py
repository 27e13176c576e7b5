"""What a request to Google's storage needs, by its JSON API.

https://cloud.google.com/storage/docs/json_api/v1
https://cloud.google.com/storage/docs/access-control/iam-json

Only what tables need is known. All the rest (buckets, access lists, batches, the XML API) is for an owner.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from tinylake.gcs_gate.boundary import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tinylake.gcs_gate.boundary import Permission

PART = r"([^/]+)"
RELATED = re.compile(r"""multipart/related; ?boundary=(?P<quote>["']?)(?P<mark>[A-Za-z0-9()+_,./:=?-]+)(?P=quote)""")
OBJECT = rf"/storage/v1/b/{PART}/o/{PART}"
DONE_TO_OBJECT: dict[str, Permission] = {
    "GET": "get",
    "HEAD": "get",
    "PUT": "update",
    "PATCH": "update",
    "POST": "update",
    "DELETE": "delete",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: its path is not decoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def given(self, name: str) -> set[str]:
        """All values of a query parameter: it is not known which one of several counts."""
        return {value for key, value in parse_qsl(self.query, keep_blank_values=True) if key == name}


def asked(request: Request) -> tuple[Asked, ...]:
    """All that a request needs; nothing, where it is none that a downscoped token can be good for."""
    for methods, path, needs in _KNOWN:
        if request.method in methods and (found := re.fullmatch(path, request.path)):
            return needs(request, *(unquote(part) for part in found.groups()))
    return ()


def is_plain(request: Request) -> bool:
    """Whether all read the address alike: some drop what holds a semicolon or half an escape, or put dots in order.

    A prefix that is dropped widens a listing to the whole bucket.
    """
    if re.search(r"%(?![0-9A-Fa-f]{2})", request.path + request.query) or ";" in request.query:
        return False
    return not {".", ".."} & {unquote(part) for part in request.path.split("/")}


def is_session(request: Request) -> bool:
    """Whether a request goes on with an upload that was begun: who has its address may.

    https://cloud.google.com/storage/docs/resumable-uploads#session-uris
    """
    if request.method not in {"PUT", "DELETE"}:
        return False
    return re.fullmatch(rf"/upload/storage/v1/b/{PART}/o", request.path) is not None and bool(
        request.given("upload_id") - {""}
    )


def _of_object(request: Request, bucket: str, name: str) -> tuple[Asked, ...]:
    return (Asked(DONE_TO_OBJECT[request.method], bucket, name),)


def _listing(request: Request, bucket: str) -> tuple[Asked, ...]:
    return tuple(Asked("list", bucket, prefix=prefix) for prefix in request.given("prefix") or {""})


def _upload(request: Request, bucket: str) -> tuple[Asked, ...]:
    """An object's name is in the query or in the metadata that are sent, where a bucket can be, too: each must do."""
    metadata = _metadata(request)
    if metadata is None:
        return ()
    names = {*request.given("name"), *_texts(metadata, "name")}
    buckets = {bucket, *_texts(metadata, "bucket")}
    return tuple(Asked("create", one, name) for one in buckets for name in names)


def _metadata(request: Request) -> dict[str, Any] | None:
    """What an upload says of its object; None where that cannot be read."""
    kinds = request.given("uploadType")
    if kinds == {"media"}:
        return {}
    if kinds == {"resumable"}:
        return _json(request.body) if request.body.strip() else {}
    if kinds == {"multipart"}:
        return _json(_first_part(request))
    return None


def _first_part(request: Request) -> bytes:
    """The body of the first part of a multipart/related one, which begins at once; empty where it is none."""
    told = RELATED.fullmatch(request.headers.get("content-type", ""))
    if told is None:
        return b""
    mark = re.escape(f"--{told['mark']}".encode())
    found = re.match(rb"(?:\r?\n)?%b\r?\n(?:[^\r\n]+\r?\n)*\r?\n(.*?)\r?\n%b" % (mark, mark), request.body, re.DOTALL)
    return found[1] if found else b""


def _copy(_: Request, bucket: str, name: str, to_bucket: str, to_name: str) -> tuple[Asked, ...]:
    return Asked("get", bucket, name), Asked("create", to_bucket, to_name)


def _compose(request: Request, bucket: str, name: str) -> tuple[Asked, ...]:
    body = _json(request.body)
    sources = _field(body, "sourceObjects") if body is not None else []
    names = [text for one in sources if isinstance(one, dict) for text in _texts(one, "name")]
    if not names or len(names) != len(sources):
        return ()
    return (*(Asked("get", bucket, source) for source in names), Asked("create", bucket, name))


def _json(body: bytes) -> dict[str, Any] | None:
    """An object in JSON; None for anything else, and where a name stands twice: it is not known which one counts.

    The emulator does not mind the case of names.
    """
    try:
        found = json.loads(body, object_pairs_hook=_once)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name.casefold() for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _field(body: Mapping[str, Any], name: str) -> list[Any]:
    """The list of a name."""
    found: Any = next((value for key, value in body.items() if key.casefold() == name.casefold()), [])
    return found if isinstance(found, list) else []


def _texts(body: Mapping[str, Any], name: str) -> list[str]:
    return [str(value) for key, value in body.items() if key.casefold() == name and value]


_KNOWN: tuple[tuple[set[str], str, Callable[..., tuple[Asked, ...]]], ...] = (
    ({"GET"}, rf"/storage/v1/b/{PART}/o", _listing),
    (set(DONE_TO_OBJECT), OBJECT, _of_object),
    ({"POST"}, rf"{OBJECT}/(?:rewriteTo|copyTo)/b/{PART}/o/{PART}", _copy),
    ({"POST"}, rf"{OBJECT}/compose", _compose),
    ({"GET", "HEAD"}, rf"/download{OBJECT}", _of_object),
    ({"POST"}, rf"/upload/storage/v1/b/{PART}/o", _upload),
)
