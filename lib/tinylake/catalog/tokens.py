"""Who a request speaks for."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import compare_digest
from typing import TYPE_CHECKING

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.settings import Principal


def principal(header: str | None, known: Mapping[str, Principal]) -> Principal:
    """The principal whose bearer token the Authorization header holds; else 401, which never repeats the token."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer":
        raise errors.not_authorized("send a token: Authorization: Bearer TOKEN")
    for candidate, owner in known.items():
        if compare_digest(candidate.encode(), token.strip().encode()):
            return _unexpired(owner)
    raise errors.not_authorized("the token is not one of this catalog's")


def unexpired(owner: Principal) -> Principal:
    """The principal; 401 when its time is over."""
    return _unexpired(owner)


def _unexpired(owner: Principal) -> Principal:
    if owner.expires_at and owner.expires_at <= datetime.now(UTC):
        raise errors.not_authorized("the token has expired: get a new one")
    return owner
