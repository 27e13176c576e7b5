"""Whether a service that speaks HTTP is ready, and in which version."""

from __future__ import annotations

import httpx

from lakebook.timeouts import TIMEOUTS


def version(url: str, *, field: str = "version", token: str = "") -> str | None:
    """Return the version that a health page states, asked with a token; None while it does not answer 200 with JSON."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx.get(url, headers=headers, timeout=TIMEOUTS.service_probe)
        return str(answer.json()[field]) if answer.status_code == httpx.codes.OK else None
    except (httpx.TransportError, ValueError, KeyError, TypeError):
        return None
