"""A place where a client finds no key that nobody gave it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = ("AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "PYICEBERG_")
_NO_KEY = "AWS_REQUEST_CHECKSUM_CALCULATION"  # how to upload, which some stores say
_EMPTY = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def no_other_keys() -> Iterator[None]:
    """Hide this machine's own keys and configuration from every client that is made and used inside."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith(_STARTS) and name != _NO_KEY}
    _replace(hidden, _EMPTY)
    try:
        yield
    finally:
        _replace(_EMPTY, hidden)


def _replace(old: dict[str, str], new: dict[str, str]) -> None:
    for name in old:
        os.environ.pop(name, None)
    os.environ.update(new)
