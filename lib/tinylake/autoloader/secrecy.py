"""Keeps secrets out of everything that leaves the process: answers, logs, errors, snapshot properties."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MASK = "***"
PUBLIC_CREDENTIAL_FIELDS = ("endpoint_url", "region")
SHORTEST_SECRET = 4  # masking shorter texts would garble every message
USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
SIGNATURE = re.compile(r"(?<=[?&]sig=)[^&\s'\"]+")  # Azure's, in whatever order a client writes a token's parts

_known: set[str] = set()
_lock = Lock()


def remember(secrets: Iterable[str | None]) -> None:
    """From now on these texts, and their URL-encoded forms, are masked by `redact`."""
    kept = [text for text in secrets if text and len(text) >= SHORTEST_SECRET]
    with _lock:
        _known.update(kept)
        _known.update(quote(text, safe="") for text in kept)


def redact(text: str) -> str:
    """The text without any known secret, and without user names, passwords and signatures in addresses."""
    with _lock:
        known = sorted(_known, key=len, reverse=True)
    for secret in known:
        text = text.replace(secret, MASK)
    return SIGNATURE.sub(MASK, USERINFO.sub("", text))


def redact_value(value: Any) -> Any:
    """The same for every text inside a JSON value."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: redact_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_value(item) for item in value]
    return value


def secret_texts(credentials: Mapping[str, Any]) -> list[str]:
    """What of a source's credentials must never be shown, passwords inside the endpoint's address included."""
    secrets = [str(value) for name, value in credentials.items() if name not in PUBLIC_CREDENTIAL_FIELDS and value]
    password = urlsplit(str(credentials.get("endpoint_url") or "")).password
    return [*secrets, password] if password else secrets


def public_credentials(credentials: Mapping[str, Any]) -> dict[str, Any]:
    """What of a source's credentials may be shown: where, not who."""
    shown = {name: credentials[name] for name in PUBLIC_CREDENTIAL_FIELDS if credentials.get(name)}
    if "endpoint_url" in shown:
        shown["endpoint_url"] = without_userinfo(shown["endpoint_url"])
    return shown


def without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
