"""What a key can do to an object: each operation tried for real, each outcome recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from lakebook.s3 import Keys

Outcome = Literal["allowed", "refused", "undecided"]
_REFUSALS = {400, 401, 403}
_REFUSAL_CODES = {"AccessDenied", "InvalidToken", "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One operation on one object with one key, and what the store answered."""

    who: str
    operation: str
    object: str
    outcome: Outcome
    answer: str


def _get(store: Any, _own: Any, bucket: str, key: str) -> None:
    store.get_object(Bucket=bucket, Key=key)["Body"].read()


def _head(store: Any, _own: Any, bucket: str, key: str) -> None:
    store.head_object(Bucket=bucket, Key=key)


def _put(store: Any, _own: Any, bucket: str, key: str) -> None:
    store.put_object(Bucket=bucket, Key=f"{key}.attempt", Body=b"attempt")


def _delete(store: Any, own: Any, bucket: str, key: str) -> None:
    own.put_object(Bucket=bucket, Key=f"{key}.victim", Body=b"to be deleted")
    store.delete_object(Bucket=bucket, Key=f"{key}.victim")


def _multipart(store: Any, own: Any, bucket: str, key: str) -> None:
    place = {"Bucket": bucket, "Key": f"{key}.parts"}
    upload = store.create_multipart_upload(**place)["UploadId"]
    try:
        store.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"part")
    finally:
        own.abort_multipart_upload(**place, UploadId=upload)


OPERATIONS: dict[str, Callable[[Any, Any, str, str], None]] = {
    "get": _get,
    "head": _head,
    "put": _put,
    "multipart": _multipart,
    "delete": _delete,
}


def attempts(
    who: str, store: Any, own: Any, addresses: Iterable[str], operations: Iterable[str] = OPERATIONS
) -> list[Attempt]:
    """Try each operation on each object with a key's `store`; return what came of it.

    Writes go beside the object, never over it. `own` is a client that may do everything: it makes what is to be
    deleted, and ends uploads, so that only the operation itself decides.
    """
    names = list(operations)
    return [_attempt(who, store, own, name, address) for address in addresses for name in names]


def _attempt(who: str, store: Any, own: Any, operation: str, address: str) -> Attempt:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    try:
        OPERATIONS[operation](store, own, bucket, key)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = error.response["Error"]["Code"]
        refused = status in _REFUSALS and (code in _REFUSAL_CODES or status != 400)
        return Attempt(who, operation, address, "refused" if refused else "undecided", f"{status} {code}")
    except BotoCoreError as error:
        return Attempt(who, operation, address, "undecided", type(error).__name__)
    return Attempt(who, operation, address, "allowed", "200")


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


def grid(tried: Iterable[Attempt]) -> pd.DataFrame:
    """Return who may do what: a row for each key and object, a column for each operation."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    rows = [{"key": a.who, "object": _short(a.object), a.operation: f"{a.outcome} ({a.answer})"} for a in tried]
    return pd.DataFrame(rows).groupby(["key", "object"], sort=False).first()


def _short(address: str) -> str:
    return "/".join(address.removeprefix("s3://").split("/")[-3:])
