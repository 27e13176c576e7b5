"""httpx, with one TLS context for all requests of a process: to make one takes longer than a local server's answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import ssl


@cache
def trusted() -> ssl.SSLContext:
    """Return whom a server of https may be: those that httpx trusts."""
    return httpx.create_ssl_context()


def client(**options: Any) -> httpx.Client:
    """Return a client, as httpx.Client does."""
    return httpx.Client(verify=trusted(), **options)


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.request does."""
    return httpx.request(method, url, verify=trusted(), **options)


def get(url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.get does."""
    return request("GET", url, **options)


def post(url: str, **options: Any) -> httpx.Response:
    """Return the answer to a request, as httpx.post does."""
    return request("POST", url, **options)
