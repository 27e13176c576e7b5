"""Blobs in Azure storage, named by abfss://container@account.dfs.core.windows.net/path locations.

The blob API serves accounts with a hierarchical namespace and without; there, a folder is a blob like others. PyArrow's
client is not used: it leaves an empty blob for each folder whose last file it deletes, and its failures have no status.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from tinylake.catalog import azure, errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from azure.storage.blob import ContainerClient

    from tinylake.catalog.settings import Settings

BATCH = 256  # what one Blob Batch takes


class AzureFiles:
    """Reads, writes and deletes with the account's key."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._root, _, _ = settings.location.removeprefix("abfss://").partition("/")

    @cached_property
    def _container(self) -> ContainerClient:
        return azure.container(self._settings)

    def connect(self) -> None:
        """Makes the client now."""
        _ = self._container

    def read(self, location: str) -> bytes:
        """The blob's bytes."""
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415

        with self._reaching():
            try:
                return bytes(self._container.download_blob(self._name(location)).readall())
            except ResourceNotFoundError as error:
                raise errors.missing_file(location) from error

    def write(self, location: str, content: bytes) -> None:
        """Returns when the blob is stored."""
        with self._reaching():
            self._container.upload_blob(self._name(location), content, overwrite=True)

    def remove(self, location: str) -> None:
        """Deletes the blob."""
        self._delete([self._name(location)])

    def holds(self, location: str) -> bool:
        """Whether any blob's name begins as `location` does."""
        with self._reaching():
            names = self._container.list_blob_names(name_starts_with=self._name(location), results_per_page=1)
            return next(iter(names), None) is not None

    def keys(self, location: str) -> list[str]:
        """The names of all blobs below `location`, those of folders included."""
        with self._reaching():
            return list(self._container.list_blob_names(name_starts_with=self._name(location)))

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys`, the deepest first, since a folder must be empty; those of one depth in batches."""
        del location
        for _, level in groupby(sorted(keys, key=_depth, reverse=True), key=_depth):
            names = list(level)
            for start in range(0, len(names), BATCH):
                self._delete(names[start : start + BATCH])

    def _delete(self, names: Sequence[str]) -> None:
        with self._reaching():
            answers = self._container.delete_blobs(*names, raise_on_any_failure=False)
            stayed = [name for name, one in zip(names, answers, strict=True) if one.status_code not in {202, 404}]
        if stayed:
            raise errors.not_deleted(stayed)

    def _name(self, location: str) -> str:
        """A blob's name in the warehouse's container."""
        return location.removeprefix(f"abfss://{self._root}/")

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turns what the client raises into 503 (not reached, or not able now) or 500 (refused)."""
        from azure.core.exceptions import AzureError, HttpResponseError  # noqa: PLC0415

        where = azure.endpoint(self._settings)
        try:
            yield
        except HttpResponseError as error:
            told, status = str(getattr(error, "error_code", None) or error.reason), error.status_code or 503
            raise errors.store_answered(where, told, able=status < 500) from error
        except AzureError as error:
            raise errors.store_unreachable(where, type(error).__name__) from error


def _depth(name: str) -> int:
    return name.rstrip("/").count("/")
