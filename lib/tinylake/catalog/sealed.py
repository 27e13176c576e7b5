"""Small texts that only this catalog can have written: what is said in JSON, and a signature behind a dot."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import compare_digest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def key_of(first: str, second: str) -> bytes:
    """A key that needs both."""
    return hmac.digest(first.encode(), second.encode(), hashlib.sha256)


def seal(key: bytes, said: Mapping[str, Any]) -> str:
    """The text that says this."""
    payload = _encoded(json.dumps(said).encode())
    return f"{payload}.{_signature(key, payload)}"


def opened(key: bytes, text: str) -> dict[str, Any] | None:
    """What a text says; None when it was not sealed with this key."""
    payload, _, signature = text.partition(".")
    return claimed(text) if compare_digest(_signature(key, payload).encode(), signature.encode()) else None


def claimed(text: str) -> dict[str, Any] | None:
    """What a text says, whoever wrote it; None for what is no such text."""
    payload = text.partition(".")[0]
    try:
        said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _signature(key: bytes, payload: str) -> str:
    return _encoded(hmac.digest(key, payload.encode(), hashlib.sha256))


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
