"""The tokens that the gate knows: an owner's, which lasts, and those that it gave, which end."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinylake.gcs_gate.boundary import Boundary

KEPT = 10_000  # that many are issued before those that are over are forgotten


@dataclass(frozen=True, slots=True)
class Token:
    """What a token may do: everything, where it has no boundary. `ends` is in seconds since 1970."""

    boundary: Boundary | None
    ends: float


@dataclass(slots=True)
class Tokens:
    """Tokens by what is sent. They are random, say nothing, and are gone with the process."""

    owner: str = field(repr=False)
    _issued: dict[str, Token] = field(default_factory=dict, repr=False)

    def find(self, sent: str) -> Token | None:
        """The token, unless it is unknown or over."""
        if secrets.compare_digest(sent.encode(), self.owner.encode()):
            return Token(None, float("inf"))
        token = self._issued.get(sent)
        return token if token and time.time() < token.ends else None

    def issue(self, boundary: Boundary | None, ends: float) -> str:
        """A new token, as it is sent."""
        if len(self._issued) >= KEPT:
            self._issued = {sent: one for sent, one in self._issued.items() if time.time() < one.ends}
        sent = f"ya29.{secrets.token_urlsafe(48)}"
        self._issued[sent] = Token(boundary, ends)
        return sent
