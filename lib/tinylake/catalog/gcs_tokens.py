"""Short-lived credentials for one table in Google's storage: a token of the catalog's, exchanged for a downscoped one.

https://cloud.google.com/iam/docs/downscoping-short-lived-credentials (RFC 8693, OAuth 2.0 Token Exchange)

A downscoped token ends with the one that it was made of, and the exchange takes no other end. So where the settings
name a service account, a token of its own comes first, which ends when the credentials are to:
https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tinylake.catalog import errors, policy

if TYPE_CHECKING:
    import httpx

    from tinylake.catalog.settings import Grant, Settings
    from tinylake.catalog.tables import Pointer

ROLES = {"read": "inRole:roles/storage.objectViewer", "write": "inRole:roles/storage.objectAdmin"}
LISTED = "api.getAttribute('storage.googleapis.com/objectListPrefix', '')"
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type, no token
SECONDS = 20


def credentials(settings: Settings, pointer: Pointer, grant: Grant) -> dict[str, str]:
    """The properties that let a client reach the table until the token expires (milliseconds since 1970).

    Both are those of Iceberg's Java library (GCPProperties, GCS_OAUTH2_TOKEN and GCS_OAUTH2_TOKEN_EXPIRES_AT), and of
    PyIceberg (pyiceberg.io, GCS_TOKEN and GCS_TOKEN_EXPIRES_AT_MS).
    """
    source, expires_at = _source(settings)
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": ACCESS_TOKEN,
        "requested_token_type": ACCESS_TOKEN,
        "subject_token": source,
        "options": json.dumps(boundary(pointer.location, grant), separators=(",", ":")),
    }
    asked_at, told = datetime.now(UTC), _post(settings.gcs_token_endpoint, ("access_token",), data=form)
    ends = expires_at or asked_at + timedelta(seconds=int(told.get("expires_in", 0)))
    return {
        "gcs.oauth2.token": str(told["access_token"]),
        "gcs.oauth2.token-expires-at": str(int(ends.timestamp() * 1000)),
    }


def boundary(location: str, grant: Grant) -> dict[str, Any]:
    """The Credential Access Boundary for a table (gs://bucket/path): its objects by `grant`, and its listing."""
    bucket, _, path = location.removeprefix("gs://").partition("/")
    folder = _quoted(policy.folder(path))
    objects = f"resource.name.startsWith('projects/_/buckets/{bucket}/objects/{folder}')"
    rule = {
        "availableResource": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "availablePermissions": [ROLES[grant]],
        "availabilityCondition": {"expression": f"{objects} || {LISTED}.startsWith('{folder}')"},
    }
    return {"accessBoundary": {"accessBoundaryRules": [rule]}}


def _quoted(text: str) -> str:
    """A text as it stands between the quotes of a string in CEL."""
    return text.replace("\\", r"\\").replace("'", r"\'")


def _source(settings: Settings) -> tuple[str, datetime | None]:
    """The token that is narrowed, and when it ends: the service account's, or the catalog's own, which may not say."""
    own = settings.gcs_token.get_secret_value()
    if not settings.gcs_service_account:
        return own, None
    told = _post(
        f"{settings.gcs_iam_endpoint}/v1/projects/-/serviceAccounts/{settings.gcs_service_account}:generateAccessToken",
        ("accessToken", "expireTime"),
        headers={"Authorization": f"Bearer {own}"},
        json={"scope": [SCOPE], "lifetime": f"{settings.credential_seconds}s"},
    )
    return str(told["accessToken"]), datetime.fromisoformat(told["expireTime"])


@cache
def _client() -> httpx.Client:
    import httpx  # noqa: PLC0415  (other stores need none)

    return httpx.Client(timeout=SECONDS)


def _post(url: str, wanted: tuple[str, ...], **sent: Any) -> dict[str, Any]:
    """The answer, which has what is wanted; 503 or 500 as for the store, and never with what was sent or told."""
    import httpx  # noqa: PLC0415

    try:
        answer = _client().post(url, **sent)
    except httpx.TransportError as error:
        raise errors.store_unreachable(url, type(error).__name__) from error
    if answer.is_error:
        raise errors.store_answered(url, str(answer.status_code), able=answer.status_code < 500)
    told: Any = answer.json()
    if lacking := [name for name in wanted if not told.get(name)]:
        raise errors.store_answered(url, f"no {lacking[0]}", able=True)
    return dict(told)
