"""Errors in one form: {"detail": ...}; a validation error is FastAPI's, without the values that were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from tinylake.autoloader.failures import Failure
from tinylake.autoloader.secrecy import redact

if TYPE_CHECKING:
    from collections.abc import Sequence

log = structlog.get_logger(__name__)


def unknown(kind: str, identifier: str) -> HTTPException:
    return HTTPException(404, f"{kind} '{identifier}' does not exist")


def install(app: FastAPI) -> None:
    """Every error leaves through one of these."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Failure, _failed)
    app.add_exception_handler(Exception, _broke)


def field_error(field: str, message: str) -> HTTPException:
    """A refusal in the form of a validation error, for what the body's model alone cannot judge."""
    return HTTPException(422, [{"type": "value_error", "loc": ["body", *field.split(".")], "msg": message}])


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    return JSONResponse({"detail": [_without_input(item) for item in error.errors()]}, 422)


def _without_input(item: dict[str, Any]) -> dict[str, Any]:
    place: Sequence[Any] = item["loc"]
    field = ".".join(str(part) for part in place if part != "body") or "body"
    return {"type": item["type"], "loc": list(place), "msg": redact(f"{field}: {item['msg']}")}


async def _failed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Failure)  # noqa: S101
    return JSONResponse({"detail": redact(error.message), "error_type": str(error.error_type)}, 400)


async def _broke(_request: Request, error: Exception) -> JSONResponse:
    log.error("request broke", error=redact(f"{type(error).__name__}: {error}"))
    return JSONResponse({"detail": "internal error; the service's log says more"}, 500)
