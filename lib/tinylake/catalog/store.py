"""The files of tables and views, in whichever store the settings name."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cachetools import LRUCache

from tinylake.catalog import errors, files, locations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tinylake.catalog.settings import Settings

KEPT_BYTES = 64 * 1024 * 1024

log = logging.getLogger(__name__)


class Store:
    """Reads, writes and deletes with the catalog's own rights; 503 where the store is not reached."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._root = settings.location
        self._files = files.of(settings)
        self._kept: LRUCache[str, bytes] = LRUCache(KEPT_BYTES, len)
        self._lock = threading.Lock()

    def connect(self) -> None:
        """Makes the client now."""
        self._files.connect()

    def read(self, location: str) -> bytes:
        """The file's bytes; 500 with its location when it is missing."""
        return self._keep(location, self._files.read(location))

    def current(self, location: str) -> bytes:
        """The bytes of a file that a pointer names, from memory where they were read or written before.

        No such file is ever written twice: who changes a table or view writes another.
        """
        with self._lock:
            kept = self._kept.get(location)
        return kept or self.read(location)

    def _keep(self, location: str, content: bytes) -> bytes:
        if len(content) <= KEPT_BYTES:
            with self._lock:
                self._kept[location] = content
        return content

    def write(self, location: str, content: bytes) -> None:
        """Returns when the file is stored."""
        self._files.write(location, content)
        self._keep(location, content)

    @contextmanager
    def written(self, files: Sequence[tuple[str, str]]) -> Iterator[None]:
        """The files are stored in the block, which makes them known; they do not stay when it is refused.

        A refusal comes before anything was committed. After any other failure they stay: it may have come later.
        """
        done: list[str] = []
        try:
            for location, text in files:
                done.append(location)
                self.write(location, text.encode())
            yield
        except errors.CatalogError:
            self.discard(done)
            raise

    def discard(self, orphans: Iterable[str]) -> None:
        """Deletes what nothing refers to any more; a failure is logged, since it harms nobody.

        Of files that metadata names, but that lie outside this warehouse, none is deleted.
        """
        for location in orphans:
            try:
                self._files.remove(locations.within(self._root, location).rstrip("/"))
            except errors.CatalogError as error:
                log.warning("orphan left", extra={"location": location, "cause": error.message})

    def holds(self, location: str) -> bool:
        """Whether any file lies below `location`."""
        return self._files.holds(location)

    def keys(self, location: str) -> list[str]:
        """All files below `location`, which ends with a slash, as `delete` takes them."""
        return self._files.keys(location)

    def delete(self, location: str, keys: Sequence[str]) -> None:
        """Deletes `keys`, which lie below `location`; 500 names the first that stayed."""
        self._files.delete(location, keys)
