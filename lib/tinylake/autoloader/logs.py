"""One structured log, on stderr, in which no secret appears."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from tinylake.autoloader.secrecy import redact


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Masks the finished line, so that tracebacks and other libraries' messages are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure() -> None:
    """Send structlog, uvicorn and every library through one JSON formatter."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("botocore", "boto3", "urllib3", "pyiceberg", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
