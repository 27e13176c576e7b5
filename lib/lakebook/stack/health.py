"""Whether a service that speaks HTTP is ready, and in which version."""

from __future__ import annotations

import httpx

from lakebook import web
from lakebook.timeouts import TIMEOUTS


def version(url: str, *, field: str = "version", token: str = "", unstated: str = "") -> str | None:
    """Return the version that a health page states, asked with a token; None while it does not answer 200 with JSON.

    Of one that answers so, and states none, `unstated` is returned where that is given.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = web.get(url, headers=headers, timeout=TIMEOUTS.service_probe)
        content = answer.json() if answer.status_code == httpx.codes.OK else {}
        return str(content.get(field, unstated)) or None if content else None
    except (httpx.TransportError, ValueError, AttributeError):
        return None
