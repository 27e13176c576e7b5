"""AWS Signature Version 4 in headers, for S3."""

from __future__ import annotations

import hashlib
import hmac
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tinylake.catalog.s3_requests import S3Request
    from tinylake.catalog.vending import Session

UNSIGNED = "UNSIGNED-PAYLOAD"
ALGORITHM = "AWS4-HMAC-SHA256"


def headers(
    request: S3Request, session: Session, region: str, moment: datetime, body_hash: str | None
) -> dict[str, str]:
    """The headers to add to those of `request`; its own x-amz- headers and its host are signed along, no others."""
    sent = {
        name: value for name, value in request.headers.items() if name.startswith("x-amz-") and name != "x-amz-date"
    }
    added = {"x-amz-date": moment.strftime("%Y%m%dT%H%M%SZ"), "x-amz-security-token": session.session_token}
    if "x-amz-content-sha256" not in sent:
        added["x-amz-content-sha256"] = body_hash or UNSIGNED
    signed = {"host": request.host, **sent, **added}
    scope = f"{moment:%Y%m%d}/{region}/s3/aws4_request"
    text = "\n".join((ALGORITHM, added["x-amz-date"], scope, _digest(canonical(request, signed))))
    signature = hmac.digest(_key(session.secret_access_key, scope), text.encode(), hashlib.sha256).hex()
    parts = (f"Credential={session.access_key_id}/{scope}", f"SignedHeaders={_names(signed)}", f"Signature={signature}")
    return {**added, "authorization": f"{ALGORITHM} {', '.join(parts)}"}


def canonical(request: S3Request, signed: Mapping[str, str]) -> str:
    """The canonical request, as AWS's documentation of the algorithm has it."""
    lines = "".join(f"{name}:{' '.join(signed[name].split())}\n" for name in sorted(signed))
    content = signed["x-amz-content-sha256"]
    return "\n".join((request.method, request.path, request.query_string, lines, _names(signed), content))


def _names(signed: Mapping[str, str]) -> str:
    return ";".join(sorted(signed))


def _key(secret: str, scope: str) -> bytes:
    steps = (part.encode() for part in scope.split("/"))
    return reduce(lambda key, step: hmac.digest(key, step, hashlib.sha256), steps, f"AWS4{secret}".encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
