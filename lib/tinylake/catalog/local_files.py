"""Files on this machine, named by file:/// locations: for one machine, or a folder that all clients have mounted.

No symbolic link leads out of the warehouse: one that lies in a table is deleted as such, and none is followed.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tinylake.catalog.settings import Settings


class LocalFiles:
    """Reads, writes and deletes as the user who runs the catalog."""

    def __init__(self, settings: Settings) -> None:
        """The warehouse's folder is made with the first file."""
        self._root = Path(settings.location.removeprefix("file://"))

    def connect(self) -> None:
        """There is nothing to connect to."""

    def read(self, location: str) -> bytes:
        """The file's bytes."""
        with self._reaching():
            try:
                return self._path(location).read_bytes()
            except FileNotFoundError as error:
                raise errors.missing_file(location) from error

    def write(self, location: str, content: bytes) -> None:
        """Returns when the file is on the disk: the pointer to it, which is committed next, is there too."""
        with self._reaching():
            path = self._path(location)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def remove(self, location: str) -> None:
        """Deletes the file."""
        with self._reaching():
            self._path(location).unlink(missing_ok=True)

    def holds(self, location: str) -> bool:
        """Whether any file lies below the folder."""
        with self._reaching():
            return any(_files_below(self._path(location)))

    def keys(self, location: str) -> list[str]:
        """The paths of all files below the folder; 503 where the whole warehouse is gone, as a mount may be."""
        with self._reaching():
            self._root.stat()
            return list(_files_below(self._path(location)))

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys`, and then the folders below `location`, itself included, that are empty."""
        with self._reaching():
            folder = self._path(location)
        stayed = [key for key in keys if not _unlinked(key)]
        for here, _, _ in os.walk(folder, topdown=False):
            with suppress(OSError):
                Path(here).rmdir()
        if stayed:
            raise errors.not_deleted(stayed)

    def _path(self, location: str) -> Path:
        """The path of a location; 500 where a link would lead it out of the warehouse."""
        path = Path(location.removeprefix("file://"))
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise errors.internal(f"{location} lies outside this warehouse")
        return path

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise errors.store_unreachable(str(self._root), error.strerror or type(error).__name__) from error


def _files_below(folder: Path) -> Iterator[str]:
    """Paths of files and of links. A folder that is not there holds none; one that cannot be read raises OSError."""
    for here, folders, files in os.walk(folder, onerror=_unless_missing):
        links = [name for name in folders if Path(here, name).is_symlink()]
        yield from (str(Path(here, name)) for name in files + links)


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _unlinked(path: str) -> bool:
    try:
        Path(path).unlink(missing_ok=True)
    except OSError:
        return False
    return True
