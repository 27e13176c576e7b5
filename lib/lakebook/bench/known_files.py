"""How long a run takes that finds nothing new among many known files."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

from lakebook.bench import rows
from lakebook.bench.figure import Figure, Measured, Sizes
from lakebook.errors import ServiceError

if TYPE_CHECKING:
    from lakebook.lake.ingestion import Ingestion


def measure(sizes: Sizes) -> Measured:
    """Return the seconds of such a run: the median of several."""
    with rows.lake(sizes.profile) as lake:

        def put(number: int) -> None:
            lake.source.put_bytes(f"batch_{number:06d}.json", f'{{"id": {number}}}\n'.encode())

        with ThreadPoolExecutor() as pool:
            list(pool.map(put, range(sizes.known_files)))
        ingestion = lake.ingestion.create(lake.source, "known")
        begin = time.monotonic()
        rows.require_loaded(ingestion.run(), ingestion.table, sizes.known_files)
        first = time.monotonic() - begin
        seconds = [_idle(ingestion) for _ in range(sizes.repeat)]
        rows.require_rows(ingestion.table, sizes.known_files)
    idle = ", ".join(f"{one:.2f}" for one in seconds)
    return Measured(median(seconds), (f"{sizes.known_files:,} files loaded in {first:.1f} s", f"idle runs: {idle} s"))


def _idle(ingestion: Ingestion) -> float:
    begin = time.monotonic()
    run = ingestion.run()
    seconds = time.monotonic() - begin
    if run.status != "success" or run.metrics.files_processed:
        raise ServiceError("a run without anything new was not idle", expected="success, no file", got=str(run)[:1000])
    return seconds


FIGURE = Figure(
    "known-files",
    "seconds from the request for a run to its end, where every file of the source is known already (median)",
    "s",
    5.0,
    measure,
)
