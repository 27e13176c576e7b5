"""The one logger: structured lines on standard error, with secrets taken out."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from lakebook import secret


def _clean(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: secret.redact(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(*, verbose: bool = False) -> None:
    """Send log lines to standard error: warnings and worse, or everything with `verbose`."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _clean,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def get() -> structlog.typing.FilteringBoundLogger:
    """Return the logger."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger("lakebook")
    return logger
