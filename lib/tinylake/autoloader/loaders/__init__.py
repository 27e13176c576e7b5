"""Loaders: what turns files into rows of a table. One module per engine; a cluster names the one that it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tinylake.autoloader.loaders.job import Job, Loaded
    from tinylake.autoloader.store.files import SourceFile


class Loader(Protocol):
    """Loads files into the table of one ingestion in one commit that carries the run's identity."""

    def __call__(self, job: Job, files: Sequence[SourceFile], announce: Callable[[Loaded], None]) -> Loaded:
        """What was loaded and what failed alone. `announce` is called with the same right before the commit."""
