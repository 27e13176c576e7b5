"""The application: routes, refusals, and what stands around them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from tinylake.catalog import edge, state
from tinylake.catalog.errors import CatalogError, bad_request
from tinylake.catalog.routes import (
    config,
    credentials,
    metrics,
    namespaces,
    naming,
    oauth,
    signing,
    tables,
    transactions,
    view_naming,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import APIRouter
    from fastapi.responses import JSONResponse

    from tinylake.catalog.settings import Settings

ROUTERS = (
    config.router,
    oauth.router,
    namespaces.router,
    naming.router,
    tables.router,
    credentials.router,
    signing.router,
    metrics.router,
    view_naming.router,
    views.router,
    transactions.router,
)

log = logging.getLogger(__name__)


def build(settings: Settings) -> FastAPI:
    """The application on an opened database."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    unserved = () if settings.scheme == "s3" else (signing.router,)  # no other store's requests are signed here
    for router in ROUTERS:
        if router not in unserved:
            app.include_router(router)
    app.state.catalog = state.opened(settings)
    app.state.endpoints = sorted(set(_endpoints()) - {one for router in unserved for one in _declared(router)})
    app.add_exception_handler(CatalogError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unserved)
    app.add_middleware(edge.RawPath)
    app.add_middleware(edge.Authentication, known=settings.tokens, issuer=app.state.catalog.issuer)
    app.add_middleware(edge.RequestLog)
    return app


def _endpoints() -> Iterator[str]:
    """What `config` declares: every route below the prefix, in the specification's spelling."""
    for router in ROUTERS:
        yield from _declared(router)


def _declared(router: APIRouter) -> Iterator[str]:
    for route in router.routes:
        if isinstance(route, APIRoute) and route.path.startswith("/v1/{prefix}"):
            yield from (f"{method} {route.path}" for method in route.methods or ())


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CatalogError):
        raise error
    if error.status >= 500:
        log.error("failed", exc_info=error)
    return edge.answer(error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """400 with where and why, and never what was sent: it might be a secret."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = (f"{'.'.join(str(part) for part in fault['loc'])}: {_fault(fault)}" for fault in error.errors())
    return edge.answer(bad_request("; ".join(faults)))


def _fault(fault: Any) -> str:
    """What is wrong, in pydantic's words, but for those that repeat what was sent."""
    if fault["type"] == "union_tag_invalid":
        return f"{fault['ctx']['discriminator']} is none of {fault['ctx']['expected_tags']}"
    return str(fault["msg"])


async def _unserved(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    kind = {404: "NotFoundException", 405: "MethodNotAllowedException"}.get(error.status_code, "BadRequestException")
    told = f"{request.method} {request.url.path}: {error.detail}"
    refusal = edge.answer(CatalogError(error.status_code, kind, told))
    if error.status_code == 405:
        refusal.headers["Allow"] = ", ".join(_allowed(request.scope["path"]))
    return refusal


def _allowed(path: str) -> list[str]:
    """The methods that some route has for a path."""
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    found = (route.methods or () for route in routes if route.path_regex.match(path))
    return sorted({method for methods in found for method in methods})
