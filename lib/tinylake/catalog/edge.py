"""What stands around every request: one line in the log, one answer to every failure, and a known principal."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse

from tinylake.catalog import errors, tokens
from tinylake.catalog.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tinylake.catalog.access_tokens import Issuer
    from tinylake.catalog.settings import Principal

TOKENS_PATH = "/v1/oauth/tokens"

log = logging.getLogger(__name__)


class RequestLog:
    """Logs each request once, without its query and headers, and answers 500 where nothing else did."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, statuses = time.perf_counter(), list[int]()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001  (the last one who can answer)
            await self._answer(error, statuses)(scope, receive, noted)
        finally:
            _log_request(scope, statuses, time.perf_counter() - started)

    @staticmethod
    def _answer(error: Exception, statuses: list[int]) -> JSONResponse:
        log.error("failed", exc_info=error)
        if statuses:
            raise error
        return answer(errors.internal("unexpected error; the catalog's log has its cause"))


class Authentication:
    """Refuses a request below /v1 whose token is not known, before anything else looks at it.

    Without a token one can only ask for one.
    """

    def __init__(self, app: ASGIApp, known: Mapping[str, Principal], issuer: Issuer) -> None:
        """Wraps `app`; `known` are the principals by token, and `issuer` knows those of the tokens that it gave."""
        self._app = app
        self._known = known
        self._issuer = issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"].startswith("/v1") and _raw_path(scope) != TOKENS_PATH:
            headers = dict(scope["headers"])
            try:
                given = headers.get(b"authorization", b"").decode("latin-1")
                owner = self._issuer.principal(given) or tokens.principal(given, self._known)
                scope.setdefault("state", {})["principal"] = owner
            except CatalogError as error:
                await answer(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class RawPath:
    """Routes see the path as it came: `%2F` in a name is not a slash between names."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await self._app({**scope, "path": _raw_path(scope)}, receive, send)


def _raw_path(scope: Scope) -> str | None:
    raw = scope.get("raw_path")
    return raw.decode("latin-1").partition("?")[0] if raw else scope.get("path")


def answer(error: CatalogError) -> JSONResponse:
    """The Iceberg error body with its status."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return JSONResponse(error.body(), status_code=error.status, headers=headers)


def _log_request(scope: Scope, statuses: list[int], seconds: float) -> None:
    principal: Principal | None = scope.get("state", {}).get("principal")
    line = {
        "method": scope["method"],
        "path": scope["path"],
        "status": statuses[0] if statuses else None,
        "ms": round(seconds * 1000, 1),
        "principal": principal.principal if principal else None,
    }
    log.info("request", extra=line)
