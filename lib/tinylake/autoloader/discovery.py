"""Which files a run has to load."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tinylake.autoloader.store.files import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tinylake.autoloader.source import Listed, Source


@dataclass(frozen=True, slots=True)
class Discovery:
    """`new`: to load. `changed`: loaded once, and overwritten since. `known`: loaded, and as it was."""

    new: list[SourceFile]
    changed: list[SourceFile]
    known: list[SourceFile]


def discover(source: Source, pattern: str, loaded: Mapping[str, str]) -> Discovery:
    """What lies in the source, against what is loaded (path to etag)."""
    return select_new(matching(source.objects(loaded), pattern), loaded)


def matching(listed: Iterable[Listed], pattern: str) -> list[SourceFile]:
    """The objects whose base name matches the pattern (shell style, case-sensitive), oldest first, then by name."""
    named = [item for item in listed if fnmatchcase(item.path.rpartition("/")[2], pattern)]
    chosen = [item for item in named if not item.path.endswith("/")]
    chosen.sort(key=lambda item: (item.modified, item.path))
    return [SourceFile(item.path, item.etag, item.size) for item in chosen]


def select_new(present: Iterable[SourceFile], loaded: Mapping[str, str]) -> Discovery:
    """A file is new if its path was never loaded; loaded with another etag, it is changed, and not loaded again."""
    found = Discovery([], [], [])
    for file in present:
        etag = loaded.get(file.path)
        kept = found.new if etag is None else found.known if etag == file.etag else found.changed
        kept.append(file)
    return found
