"""httpx, with one TLS context for all requests of a process: to make one takes longer than a local server's answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import ssl

IDLE_SECONDS = 1.0


@cache
def trusted() -> ssl.SSLContext:
    """Return whom a server of https may be: those that httpx trusts."""
    return httpx.create_ssl_context()


def client(**options: Any) -> httpx.Client:
    """Return a client, as httpx.Client does; a connection that was idle for a while is not used again.

    Servers end idle ones, uvicorn after 5 s, which is as long as httpx keeps them: a request that meets that end is
    lost, and looks like a server that does not answer.
    """
    return httpx.Client(verify=trusted(), limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS), **options)


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.request does."""
    return httpx.request(method, url, verify=trusted(), **options)


def get(url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.get does."""
    return request("GET", url, **options)


def post(url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.post does."""
    return request("POST", url, **options)
