"""Objects in Google's cloud storage, named by gs:// locations, by PyArrow's client.

The catalog's own token is in the settings. Without one, an emulator, whose endpoint is there, is asked as nobody; and
Google's own service with the credentials that its libraries find on the machine (Application Default Credentials).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tinylake.catalog.settings import Settings

RETRIES_END = timedelta(seconds=5)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)  # PyArrow takes no token without an end; the store knows when it is over
GOOGLE = "storage.googleapis.com"
STATUS = re.compile(r"Status\((\w+):")  # as the C++ client writes its google::cloud::StatusCode
REFUSALS = {"NOT_FOUND", "PERMISSION_DENIED", "UNAUTHENTICATED", "INVALID_ARGUMENT", "FAILED_PRECONDITION"}


class GcsFiles:
    """Reads, writes and deletes with the catalog's own credentials."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._endpoint = settings.gcs_endpoint
        self._token = settings.gcs_token

    @cached_property
    def _gcs(self) -> Any:
        from pyarrow.fs import GcsFileSystem  # noqa: PLC0415  (not needed for other stores)

        told: dict[str, Any] = {"retry_time_limit": RETRIES_END}
        if token := self._token.get_secret_value():
            told |= {"access_token": token, "credential_token_expiration": NEVER}
        if self._endpoint:
            address = urlsplit(self._endpoint)
            told |= {"scheme": address.scheme, "endpoint_override": address.netloc, "anonymous": not token}
        return GcsFileSystem(**told)

    def connect(self) -> None:
        """Makes the client now."""
        _ = self._gcs

    def read(self, location: str) -> bytes:
        """The object's bytes."""
        with self._reaching():
            try:
                with self._gcs.open_input_stream(_path(location)) as stream:
                    return bytes(stream.read())
            except FileNotFoundError as error:
                raise errors.missing_file(location) from error

    def write(self, location: str, content: bytes) -> None:
        """Returns when the object is stored."""
        with self._reaching(), self._gcs.open_output_stream(_path(location)) as stream:
            stream.write(content)

    def remove(self, location: str) -> None:
        """Deletes the object."""
        self._remove(_path(location))

    def holds(self, location: str) -> bool:
        """Whether any object lies below `location`."""
        return bool(self.keys(location))

    def keys(self, location: str) -> list[str]:
        """Bucket and key, in one, of all objects below `location`."""
        from pyarrow.fs import FileSelector, FileType  # noqa: PLC0415

        asked = FileSelector(_path(location).rstrip("/"), allow_not_found=True, recursive=True)
        with self._reaching():
            return [found.path for found in self._gcs.get_file_info(asked) if found.type == FileType.File]

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys` one by one, as PyArrow's client does it."""
        del location
        for key in keys:
            self._remove(key)

    def _remove(self, path: str) -> None:
        with self._reaching():
            try:
                self._gcs.delete_file(path)
            except FileNotFoundError:
                return

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turns what PyArrow raises into 503 or 500; its message's status tells which."""
        where = self._endpoint or GOOGLE
        try:
            yield
        except OSError as error:
            found = STATUS.search(str(error))
            if found and found[1] in REFUSALS:
                raise errors.store_answered(where, found[1], able=True) from error
            raise errors.store_unreachable(where, found[1] if found else type(error).__name__) from error


def _path(location: str) -> str:
    return location.removeprefix("gs://")
