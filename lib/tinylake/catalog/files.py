"""What every kind of object store does for the catalog, and which one the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tinylake.catalog.azure_files import AzureFiles
from tinylake.catalog.gcs_files import GcsFiles
from tinylake.catalog.local_files import LocalFiles
from tinylake.catalog.s3_files import S3Files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tinylake.catalog.settings import Scheme, Settings


class Files(Protocol):
    """Files by location. Each call raises 503 where the store gives no answer, and 500 where it refuses."""

    def connect(self) -> None:
        """Makes the client now, without a request."""

    def read(self, location: str) -> bytes:
        """A file's bytes; 500 with its location when it is missing."""

    def write(self, location: str, content: bytes) -> None:
        """Returns when the file is stored."""

    def remove(self, location: str) -> None:
        """Deletes a file; one that is gone already is none to complain of."""

    def holds(self, location: str) -> bool:
        """Whether any file lies below `location`, which ends with a slash."""

    def keys(self, location: str) -> list[str]:
        """All files below `location`, in the store's own words, which `delete` takes."""

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys`, which lie below `location`; 500 names the first that stayed."""


KINDS: dict[Scheme, Callable[[Settings], Files]] = {
    "s3": S3Files,
    "abfss": AzureFiles,
    "gs": GcsFiles,
    "file": LocalFiles,
}


def of(settings: Settings) -> Files:
    """The store of the settings' location; it is reached at first use."""
    return KINDS[settings.scheme](settings)
