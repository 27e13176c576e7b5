"""The objects of a store, to one who may see and change everything: addresses in, addresses out, whatever the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from lakebook import poll, s3
from lakebook.errors import DeadlineError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping


class Objects(Protocol):
    """What checks do to a store with its owner's key."""

    def put(self, address: str, content: bytes) -> None:
        """Store an object."""

    def read(self, address: str) -> bytes:
        """Return an object's bytes."""

    def starting(self, start: str) -> list[str]:
        """Return the addresses of all objects whose address starts so."""

    def remove(self, start: str) -> None:
        """Delete every object whose address starts so."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    """The objects of an S3 store, by a boto3 client."""

    store: Any = field(repr=False)

    def put(self, address: str, content: bytes) -> None:
        """Store an object."""
        bucket, key = s3.split(address)
        self.store.put_object(Bucket=bucket, Key=key, Body=content)

    def read(self, address: str) -> bytes:
        """Return an object's bytes."""
        bucket, key = s3.split(address)
        content: bytes = self.store.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def starting(self, start: str) -> list[str]:
        """Return the addresses of all objects whose address starts so."""
        bucket, _ = s3.split(start)
        return [f"s3://{bucket}/{key}" for page in s3.keys(self.store, start) for key in page]

    def remove(self, start: str) -> None:
        """Delete every object whose address starts so."""
        s3.remove(self.store, start)


@dataclass(frozen=True, slots=True)
class IcebergObjects:
    """The objects of any store that PyIceberg reaches through PyArrow, by the properties that it takes."""

    properties: Mapping[str, str] = field(repr=False)

    def put(self, address: str, content: bytes) -> None:
        """Store an object, in a folder made for it where the store has any."""
        files, path = self._at(address)
        files.create_dir(str(PurePosixPath(path).parent))
        with files.open_output_stream(path) as stream:
            stream.write(content)

    def read(self, address: str) -> bytes:
        """Return an object's bytes."""
        files, path = self._at(address)
        with files.open_input_stream(path) as stream:
            content: bytes = stream.read()
        return content

    def starting(self, start: str) -> list[str]:
        """Return the addresses of all objects whose address starts so."""
        return [f"{start}{path}" for _, _, path in self._each(start)]

    def remove(self, start: str) -> None:
        """Delete every object whose address starts so."""
        for files, path, _ in self._each(start):
            files.delete_file(path)

    def _each(self, start: str) -> list[tuple[Any, str, str]]:
        """Return each object: its file system, its path in that, and what follows `start` in its address."""
        from pyarrow import fs  # noqa: PLC0415 - slow to import

        files, path = self._at(start)
        folder = path.rpartition("/")[0]
        found = files.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
        return [(files, one.path, one.path[len(path) :]) for one in found if one.is_file and one.path.startswith(path)]

    def _at(self, address: str) -> tuple[Any, str]:
        from pyiceberg.io import load_file_io  # noqa: PLC0415 - slow to import

        io: Any = load_file_io(dict(self.properties), address)  # PyArrow's, or one made of it
        scheme, host, path = io.parse_location(address)
        return io.fs_by_scheme(scheme, host), path


@dataclass(frozen=True, slots=True)
class AzureObjects:
    """The blobs of an Azure account, by Azure's own client: PyArrow's deletes by an interface that Azurite lacks."""

    account_url: str
    key: str = field(repr=False)

    def put(self, address: str, content: bytes) -> None:
        """Store an object."""
        container, name = self._at(address)
        container.upload_blob(name, content, overwrite=True)

    def read(self, address: str) -> bytes:
        """Return an object's bytes."""
        container, name = self._at(address)
        content: bytes = container.download_blob(name).readall()
        return content

    def starting(self, start: str) -> list[str]:
        """Return the addresses of all objects whose address starts so."""
        container, prefix = self._at(start)
        root = start.removesuffix(prefix)
        return [f"{root}{name}" for name in container.list_blob_names(name_starts_with=prefix)]

    def remove(self, start: str) -> None:
        """Delete every object whose address starts so."""
        container, prefix = self._at(start)
        for name in list(container.list_blob_names(name_starts_with=prefix)):
            container.delete_blob(name)

    def _at(self, address: str) -> tuple[Any, str]:
        from azure.storage.blob import ContainerClient  # noqa: PLC0415 - slow to import

        place = urlsplit(address)
        container = place.netloc.partition("@")[0]
        return ContainerClient(self.account_url, container, credential=self.key), place.path.lstrip("/")


def below(store: Objects, location: str) -> list[str]:
    """Return the addresses of all objects below a location."""
    return store.starting(f"{location.rstrip('/')}/")


def left(store: Objects, location: str) -> list[str]:
    """Return what is left below a location that is being purged, once nothing is or the time is over.

    A catalog may purge after it has answered.
    """
    try:
        return poll.until(
            lambda: below(store, location),
            what="the files to go",
            deadline_seconds=TIMEOUTS.http,
            done=lambda found: not found,
        )
    except DeadlineError:
        return below(store, location)
