"""Remote signing: a client sends each request to the store here first, and gets it signed, if its table is all it asks.

It is signed with a session of the table's own role, never with the catalog's key: what slipped through here, the store
would still refuse.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from tinylake.catalog import s3_requests, signable, sigv4

if TYPE_CHECKING:
    from tinylake.catalog.bodies import SignRequest
    from tinylake.catalog.pointers import Pointer
    from tinylake.catalog.settings import Principal, Settings
    from tinylake.catalog.vending import Session, Vendor

KEPT_SESSIONS = 1_000
SPENT = 0.5  # the part of a session's life after which it is not used any more


class Signer:
    """Signs requests, with a session per table, grant and principal that is renewed at half its time."""

    def __init__(self, settings: Settings, vendor: Vendor) -> None:
        """Assumes roles through `vendor`, at first use."""
        self._settings = settings
        self._vendor = vendor
        self._sessions: dict[tuple[str, str, str, str], tuple[float, Session]] = {}
        self._lock = Lock()

    def sign(self, pointer: Pointer, principal: Principal, asked: SignRequest) -> dict[str, Any]:
        """The specification's RemoteSignResult; 403 for what is not the table's, or not the principal's to do."""
        request = s3_requests.read(self._settings.s3_endpoint, asked.method, asked.uri, asked.headers)
        body_hash = signable.check(request, pointer.location, principal.grant, asked.body)
        session = self._session(pointer, principal)
        added = sigv4.headers(request, session, self._settings.s3_region, datetime.now(UTC), body_hash)
        return {"uri": request.uri, "headers": {name: [value] for name, value in added.items()}}

    def forget(self, uuid: str) -> None:
        """Uses the sessions of a dropped table no more: registered again, it has the uuid, and a new role."""
        with self._lock:
            for key in [key for key in self._sessions if key[0] == uuid]:
                del self._sessions[key]

    def _session(self, pointer: Pointer, principal: Principal) -> Session:
        wanted = (pointer.uuid, pointer.location, principal.grant, principal.principal)
        with self._lock:
            until, session = self._sessions.get(wanted, (0.0, None))
            if session and time.time() < until:
                return session
        session = self._vendor.assume(pointer, principal)
        now = time.time()
        with self._lock:
            if len(self._sessions) >= KEPT_SESSIONS:
                self._sessions.clear()
            self._sessions[wanted] = now + (session.expires_at_ms / 1000 - now) * SPENT, session
        return session
