"""What a key can do to an object: each operation tried for real, each outcome recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from lakebook import s3
from lakebook.picture import permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from lakebook.panel import Shown
    from lakebook.s3 import Keys

Outcome = Literal["allowed", "refused", "undecided"]
_REFUSALS = {400, 401, 403}
_REFUSAL_CODES = {"AccessDenied", "InvalidToken", "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One operation on one object with one key, and what was answered."""

    who: str
    operation: str
    object: str
    outcome: Outcome
    answer: str


@dataclass(frozen=True, slots=True)
class _Try:
    """What an operation works with: `own` is a client that may do everything, `into` where a copy is to go."""

    store: Any
    own: Any
    bucket: str
    key: str
    into: str

    @property
    def target(self) -> dict[str, str]:
        bucket, key = s3.split(self.into)
        return {"Bucket": bucket, "Key": f"{key}.copy"}

    @property
    def source(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.key}


def _get(one: _Try) -> None:
    one.store.get_object(Bucket=one.bucket, Key=one.key)["Body"].read()


def _head(one: _Try) -> None:
    one.store.head_object(Bucket=one.bucket, Key=one.key)


def _put(one: _Try) -> None:
    one.store.put_object(Bucket=one.bucket, Key=f"{one.key}.attempt", Body=b"attempt")


def _delete(one: _Try) -> None:
    one.own.put_object(Bucket=one.bucket, Key=f"{one.key}.victim", Body=b"to be deleted")
    one.store.delete_object(Bucket=one.bucket, Key=f"{one.key}.victim")


def _multipart(one: _Try) -> None:
    place = {"Bucket": one.bucket, "Key": f"{one.key}.parts"}
    upload = one.store.create_multipart_upload(**place)["UploadId"]
    try:
        one.store.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"part")
    finally:
        one.own.abort_multipart_upload(**place, UploadId=upload)


def _list(one: _Try) -> None:
    one.store.list_objects_v2(Bucket=one.bucket, Prefix=one.key, MaxKeys=1)


def _copy(one: _Try) -> None:
    one.store.copy_object(**one.target, CopySource=one.source)


def _copy_part(one: _Try) -> None:
    upload = one.own.create_multipart_upload(**one.target)["UploadId"]
    try:
        one.store.upload_part_copy(**one.target, UploadId=upload, PartNumber=1, CopySource=one.source)
    finally:
        one.own.abort_multipart_upload(**one.target, UploadId=upload)


_BY_NAME: dict[str, Callable[[_Try], None]] = {
    "get": _get,
    "head": _head,
    "put": _put,
    "multipart": _multipart,
    "delete": _delete,
    "list": _list,
    "copy": _copy,
    "copy a part": _copy_part,
}
OPERATIONS = ("get", "head", "put", "multipart", "delete")
READS = ("get", "head")
WRITES = ("put", "multipart", "delete")
COPIES = ("copy", "copy a part")


def attempts(
    who: str, store: Any, own: Any, addresses: Iterable[str], operations: Iterable[str] = OPERATIONS, *, into: str = ""
) -> list[Attempt]:
    """Try each operation on each object with a key's `store`; return what came of it.

    Writes go beside the object, never over it; a listing is of what begins like the address; a copy is of the object,
    to beside the address `into`. `own` is a client that may do everything: it makes what is to be deleted, and begins
    and ends uploads, so that only the operation itself decides.
    """
    names = list(operations)
    return [
        Attempt(who, name, address, *outcome(lambda: _BY_NAME[name](one)))  # noqa: B023 - called at once
        for address in addresses
        for one in [_Try(store, own, *s3.split(address), into)]
        for name in names
    ]


def outcome(act: Callable[[], object], *, refusals: Collection[int] = ()) -> tuple[Outcome, str]:
    """Do something with a key; return whether it was allowed, and what was answered.

    `refusals` are statuses that are refusals here, besides those that always are.
    """
    try:
        act()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = str((error.response.get("Error") or error.response).get("Code"))  # S3's form, where another was due
        refused = status in refusals or (status in _REFUSALS and (code in _REFUSAL_CODES or status != 400))
        return "refused" if refused else "undecided", f"{status} {code}"
    except BotoCoreError as error:
        return "undecided", type(error).__name__
    return "allowed", "200"


def around(location: str, sibling: str) -> list[str]:
    """Return what a listing can begin with: a table's location first, then what is none of its business.

    That is: the location without its slash, its sibling, the folder above, and the whole bucket.
    """
    home = location.rstrip("/")
    return [f"{home}/", home, f"{sibling.rstrip('/')}/", f"{home.rpartition('/')[0]}/", f"s3://{s3.split(home)[0]}/"]


def forgeries(keys: Keys, others: Keys) -> dict[str, Keys]:
    """Return a temporary key in ways that must not work: without its token, with an altered one, with another's."""
    token = keys.session_token or ""
    middle = len(token) // 2  # the last characters may not count: base64 can carry spare bits there
    altered = token[:middle] + ("A" if token[middle : middle + 1] != "A" else "B") + token[middle + 1 :]
    return {
        "no token": replace(keys, session_token=None),
        "altered token": replace(keys, session_token=altered),
        "another session's token": replace(keys, session_token=others.session_token),
    }


def grid(*, allowed: Iterable[Attempt] = (), refused: Iterable[Attempt] = ()) -> Shown:
    """Return who may do what as a picture; what was not answered as it must be is marked."""
    return permissions.permissions([*((one, "allowed") for one in allowed), *((one, "refused") for one in refused)])
