"""Whether a service that speaks HTTP is ready, and in which version."""

from __future__ import annotations

import httpx

from lakebook.timeouts import TIMEOUTS


def version(url: str, *, field: str = "version") -> str | None:
    """Return the version that a health page states; None while it does not answer 200 with JSON."""
    try:
        answer = httpx.get(url, timeout=TIMEOUTS.service_probe)
        return str(answer.json()[field]) if answer.status_code == httpx.codes.OK else None
    except (httpx.TransportError, ValueError, KeyError, TypeError):
        return None
