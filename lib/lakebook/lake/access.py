"""What a key can do to an object: each operation tried for real, each outcome recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from lakebook import s3
from lakebook.errors import ConfigurationError
from lakebook.lake.cloud_reach import Signature, Token
from lakebook.lake.reach import RefusedError, altered
from lakebook.picture import permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from lakebook.lake.objects import Objects
    from lakebook.lake.reach import Reach
    from lakebook.lake.vended import Keys
    from lakebook.panel import Shown

Outcome = Literal["allowed", "refused", "undecided"]
_REFUSALS, _VICTIM = {400, 401, 403}, ".victim"
_REFUSAL_CODES = {"AccessDenied", "InvalidToken", "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One operation on one object with one key, and what was answered."""

    who: str
    operation: str
    object: str
    outcome: Outcome
    answer: str


_BY_NAME: dict[str, Callable[[Reach, str, str], object]] = {
    "get": lambda reach, one, _: reach.get(one),
    "head": lambda reach, one, _: reach.head(one),
    "put": lambda reach, one, _: reach.put(f"{one}.attempt"),
    "multipart": lambda reach, one, _: reach.multipart(f"{one}.parts"),
    "delete": lambda reach, one, _: reach.delete(f"{one}{_VICTIM}"),
    "list": lambda reach, one, _: reach.list(one),
    "copy": lambda reach, one, into: reach.copy(one, f"{into}.copy"),
    "copy a part": lambda reach, one, into: reach.copy_part(one, f"{into}.copy"),
}
OPERATIONS = ("get", "head", "put", "multipart", "delete")
READS = ("get", "head")
WRITES = ("put", "multipart", "delete")
COPIES = ("copy", "copy a part")


def attempts(
    who: str,
    reach: Reach,
    own: Objects,
    addresses: Iterable[str],
    operations: Iterable[str] = OPERATIONS,
    *,
    into: str = "",
) -> list[Attempt]:
    """Try each operation on each object with what a key opens; return what came of it.

    Writes go beside the object, never over it; a listing is of what begins like the address; a copy is of the object,
    to beside the address `into`. `own` may do everything: it makes what is to be deleted.
    """
    names = list(operations)
    return [_attempt(who, reach, own, address, name, into) for address in addresses for name in names]


def _attempt(who: str, reach: Reach, own: Objects, address: str, name: str, into: str) -> Attempt:
    if name == "delete":
        own.put(f"{address}{_VICTIM}", b"to be deleted")
    return Attempt(who, name, address, *outcome(lambda: _BY_NAME[name](reach, address, into)))


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
    except RefusedError as error:
        refused = error.status in refusals or error.status in _REFUSALS - {400}
        return "refused" if refused else "undecided", str(error)
    except (BotoCoreError, httpx.TransportError) as error:
        return "undecided", type(error).__name__
    return "allowed", "200"


def around(location: str, sibling: str) -> list[str]:
    """Return what a listing can begin with: a table's location first, then what is none of its business.

    That is: the location without its slash, its sibling, the folder above, and the whole bucket.
    """
    home = location.rstrip("/")
    return [
        f"{home}/",
        home,
        f"{sibling.rstrip('/')}/",
        f"{home.rpartition('/')[0]}/",
        f"{home[: home.index('/', home.index('://') + 3)]}/",
    ]


def forgeries(keys: Keys, others: Keys) -> Mapping[str, Keys]:
    """Return a temporary key in ways that must not work: without its token, with an altered one, with another's.

    A signature of Azure is one with what it allows: it is altered in either. Raises ConfigurationError for two kinds.
    """
    if isinstance(keys, Signature):
        return keys.forged()
    if isinstance(keys, Token):
        return {"no token": replace(keys, secret=""), "altered token": replace(keys, secret=altered(keys.secret))}
    if not isinstance(others, s3.Keys):
        raise ConfigurationError("keys of two kinds", expected=type(keys).__name__, got=type(others).__name__)
    return {
        "no token": replace(keys, session_token=None),
        "altered token": replace(keys, session_token=altered(keys.session_token or "")),
        "another session's token": replace(keys, session_token=others.session_token),
    }


def grid(*, allowed: Iterable[Attempt] = (), refused: Iterable[Attempt] = ()) -> Shown:
    """Return who may do what as a picture; what was not answered as it must be is marked."""
    return permissions.permissions([*((one, "allowed") for one in allowed), *((one, "refused") for one in refused)])
