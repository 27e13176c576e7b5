"""How tokens are got: a short one of a service account, and a downscoped one by exchange.

https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token (RFC 8693)

A downscoped token ends with the one that it was made of, and is not exchanged again.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tinylake.gcs_gate import boundary

if TYPE_CHECKING:
    from tinylake.gcs_gate.operations import Request
    from tinylake.gcs_gate.tokens import Tokens

EXCHANGE = "/v1/token"
GENERATE = re.compile(r"/v1/projects/-/serviceAccounts/[^/:]+:generateAccessToken")
LONGEST_SECONDS = 3_600
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type, no token
DEMANDED = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "requested_token_type": ACCESS_TOKEN,
    "subject_token_type": ACCESS_TOKEN,
}
SECONDS = re.compile(r"(\d+(?:\.\d{1,9})?)s")


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body of JSON."""

    status: int
    body: dict[str, Any]


def exchange(tokens: Tokens, request: Request) -> Answer:
    """A downscoped token; 400 in the words of RFC 6749, section 5.2, where there is none to be had."""
    form = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    if wrong := [name for name, value in DEMANDED.items() if form.get(name) != value]:
        return _refused("invalid_request", f"{wrong[0]} is to be {DEMANDED[wrong[0]]}")
    subject = tokens.find(form.get("subject_token", ""))
    if subject is None or subject.boundary is not None:
        return _refused("invalid_grant", "the subject token is unknown, over, or downscoped already")
    sent = form.get("options", "")
    try:
        narrowed = boundary.parse(unquote(sent) if sent.startswith("%") else sent)  # Google's own library encodes twice
    except boundary.BoundaryError as error:
        return _refused("invalid_request", f"options: {error}")
    ends = min(subject.ends, time.time() + LONGEST_SECONDS)
    told = {"issued_token_type": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": int(ends - time.time())}
    return Answer(200, {"access_token": tokens.issue(narrowed, ends), **told})


def _refused(error: str, why: str) -> Answer:
    return Answer(400, {"error": error, "error_description": why})


def generate(tokens: Tokens, request: Request) -> Answer:
    """A token of a service account, with all the owner's rights, for as long as was asked, an hour at most."""
    try:
        asked = json.loads(request.body)
        found = SECONDS.fullmatch(asked.get("lifetime", f"{LONGEST_SECONDS}s"))
    except (ValueError, AttributeError, TypeError):
        found = None
    if not found or not 0 < (seconds := float(found[1])) <= LONGEST_SECONDS:
        return Answer(
            400, error(400, "INVALID_ARGUMENT", f"lifetime is seconds, as in 300s, {LONGEST_SECONDS} at most")
        )
    ends = time.time() + seconds
    stated = datetime.fromtimestamp(ends, UTC).isoformat().replace("+00:00", "Z")
    return Answer(200, {"accessToken": tokens.issue(None, ends), "expireTime": stated})


def error(code: int, status: str, message: str) -> dict[str, Any]:
    """The body of an error of Google's APIs."""
    return {"error": {"code": code, "message": message, "status": status}}
