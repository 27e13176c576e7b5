"""Tokens that clients get for their id and secret: sealed, so that every process on the database takes them.

The key is made of the database's own and the client's secret: who has read one of the two can write no token, and a
client that is taken out of the settings, or given another secret, has no valid one any more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import compare_digest, token_hex
from typing import TYPE_CHECKING

from tinylake.catalog import sealed, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.settings import Client, Principal

MARK = "tinylake."


@dataclass(frozen=True, slots=True)
class Issuer:
    """Gives tokens to clients, and knows them again."""

    key: str
    clients: Mapping[str, Client]
    seconds: int

    def client(self, client_id: str, secret: str) -> Client | None:
        """The client with this id and secret whose time is not over, or None."""
        known = self.clients.get(client_id)
        expected = known.secret.get_secret_value() if known else token_hex()
        same = compare_digest(expected.encode(), secret.encode())
        return known if known and same and self._left(known) > 0 else None

    def issue(self, client_id: str) -> tuple[str, int]:
        """A new token for a client that has shown its secret, and the seconds that it lasts."""
        seconds = self._left(self.clients[client_id])
        said = {"client": client_id, "expires_at": int(time.time()) + seconds, "number": token_hex(8)}
        return f"{MARK}{sealed.seal(self._key(client_id), said)}", seconds

    def principal(self, header: str) -> Principal | None:
        """Whom the bearer token of an Authorization header speaks for; None when it is none of these, 401 when late."""
        scheme, _, token = header.partition(" ")
        text = token.strip()
        claimed = (
            sealed.claimed(text.removeprefix(MARK)) if scheme.lower() == "bearer" and text.startswith(MARK) else None
        )
        client_id = claimed.get("client") if claimed else None
        if not isinstance(client_id, str) or client_id not in self.clients:
            return None
        said = sealed.opened(self._key(client_id), text.removeprefix(MARK))
        if said is None:
            return None
        ends = datetime.fromtimestamp(said["expires_at"], UTC)
        return tokens.unexpired(self.clients[client_id].model_copy(update={"expires_at": ends}))

    def _left(self, client: Client) -> int:
        """The seconds that a new token of the client may last."""
        ends = client.expires_at.timestamp() - time.time() if client.expires_at else self.seconds
        return min(int(ends), self.seconds)

    def _key(self, client_id: str) -> bytes:
        return sealed.key_of(self.key, self.clients[client_id].secret.get_secret_value())
