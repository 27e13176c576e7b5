"""How a vended session could get itself more than it was given: each way tried for real."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from lakebook import s3, secret
from lakebook.lake.access import Attempt, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakebook.stack.state import ServiceState

_EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, separators=(",", ":")
)
_NAME = "lakebook-wider"
_IAM_REGION = "us-east-1"  # in which Amazon's, which is one for all regions, is signed for
_ANY_ROLE = "arn:aws:iam::000000000000:role/lakebook"
_UNOFFERED = frozenset({400, 404, 405, 501})  # a store that does not know such a request has not widened anything
_MAY_BE_UNOFFERED = {"session token", "federation token", "new user"}
_BY_IAM = {"add a policy", "new user"}


def attempts(who: str, storage: ServiceState, keys: s3.Keys, others: s3.Keys) -> list[Attempt]:
    """Try each way out of a session with a key of it; return what the store answered.

    `others` is a key to another table: its role is tried too. What such an attempt made, the stack's own key removes. A
    way that names no role is refused as well where the store does not offer it.
    """
    sts, iam = _client("sts", storage, keys), _client("iam", storage, keys)
    own, other = role(storage, keys), role(storage, others)
    again = {"RoleSessionName": _NAME}
    ways: dict[str, tuple[str, Callable[[], Any]]] = {
        "assume again": (own, lambda: sts.assume_role(RoleArn=own, **again)),
        "assume wider": (own, lambda: sts.assume_role(RoleArn=own, **again, Policy=_EVERYTHING)),
        "add a policy": (own, lambda: iam.put_role_policy(**_policy_of(own), PolicyDocument=_EVERYTHING)),
        "assume": (other, lambda: sts.assume_role(RoleArn=other, **again)),
        "session token": ("any", sts.get_session_token),
        "federation token": ("any", lambda: sts.get_federation_token(Name=_NAME, Policy=_EVERYTHING)),
        "new user": ("any", lambda: iam.create_user(UserName=_NAME)),
    }
    tried = [
        Attempt(who, name, object_, *outcome(lambda: _remembered(act()), refusals=_also_refused(name, storage)))  # noqa: B023
        for name, (object_, act) in ways.items()
    ]
    if any(one.outcome == "allowed" for one in tried):
        _undo(storage, own)
    return tried


def _also_refused(way: str, storage: ServiceState) -> frozenset[int]:
    """Return the statuses that are refusals of a way, because the store does not offer it to anybody."""
    offered_to_none = _MAY_BE_UNOFFERED | (_BY_IAM if storage.values.get("iam") == "none" else set())
    return _UNOFFERED if way in offered_to_none else frozenset()


def possible(storage: ServiceState, keys: s3.Keys) -> list[Attempt]:
    """Assume the role of a session with the stack's own key: it must be allowed, else a refusal says nothing of it."""
    sts = _client("sts", storage, _admin(storage))
    arn = role(storage, keys)
    tried = outcome(lambda: _remembered(sts.assume_role(RoleArn=arn, RoleSessionName=_NAME)))
    return [Attempt("the stack's own key", "assume again", arn, *tried)]


def role(storage: ServiceState, keys: s3.Keys) -> str:
    """Return the ARN of the role behind a session; where the store does not tell who is asking, the one it names."""
    try:
        arn = str(_client("sts", storage, keys).get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError):
        return storage.values.get("role_arn") or _ANY_ROLE
    account, _, path = arn.partition(":assumed-role/")
    return f"{account.replace(':sts:', ':iam:')}:role/{path.rpartition('/')[0]}" if path else arn


def _client(api: str, storage: ServiceState, keys: s3.Keys) -> Any:
    """Return a client of the store's STS or IAM: at an address of its own, as Amazon's is, or at the store's."""
    if url := storage.values.get(f"{api}_address"):
        return s3.client(api, url, keys, storage.values["region"] if api == "sts" else _IAM_REGION)
    return s3.client(api, storage.url, keys)


def _policy_of(arn: str) -> dict[str, str]:
    return {"RoleName": arn.rpartition("/")[2], "PolicyName": _NAME}


def _remembered(answer: Any) -> None:
    """Keep what was handed out off the disk: it works."""
    given = answer.get("Credentials", {})
    secret.remember(str(given[name]) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken") if name in given)


def _undo(storage: ServiceState, arn: str) -> None:
    iam = _client("iam", storage, _admin(storage))
    refused = (BotoCoreError, ClientError, ResponseParserError)  # then there is nothing to remove
    with suppress(*refused):
        iam.delete_role_policy(**_policy_of(arn))
    with suppress(*refused):
        iam.delete_user(UserName=_NAME)


def _admin(storage: ServiceState) -> s3.Keys:
    return s3.Keys(storage.secrets["admin_key"], storage.secrets["admin_secret"])
