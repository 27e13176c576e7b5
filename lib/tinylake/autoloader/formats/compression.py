"""Bytes as they were before they were compressed."""

from __future__ import annotations

import bz2
import gzip
from typing import Any

from tinylake.autoloader.failures import ErrorType, Failure

OPENERS: dict[str, Any] = {"gzip": gzip.open, "gz": gzip.open, "bz2": bz2.open, "bzip2": bz2.open}
SUFFIXES = {".gz": "gzip", ".bz2": "bz2"}


def decompressed(body: Any, path: str, option: str | None) -> Any:
    """The stream, decompressed by the option, or by the file's suffix where there is none."""
    name = (option or "auto").lower()
    if name == "auto":
        name = next((kind for suffix, kind in SUFFIXES.items() if path.endswith(suffix)), "none")
    if name in {"none", "uncompressed"}:
        return body
    if name not in OPENERS:
        message = f"format.options.compression '{option}' is not supported; supported: auto, none, gzip, bz2"
        raise Failure(ErrorType.UNSUPPORTED_FORMAT, message)
    return OPENERS[name](body)
