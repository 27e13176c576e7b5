"""Whether the service's memory grows with what it loads."""

from __future__ import annotations

from pathlib import Path

import psutil

from lakebook.bench import rows
from lakebook.bench.figure import Figure, Measured, Sizes
from lakebook.errors import LakebookError

_KIB, _MIB = 2**10, 2**20


def measure(sizes: Sizes) -> Measured:
    """Return how many times the peak memory more rows take: each in a fresh service."""
    few, many = (_peak_bytes(sizes, count) for count in (sizes.rows, sizes.more_rows))
    seen = tuple(
        f"{count:,} rows: {peak / _MIB:.0f} MiB" for count, peak in ((sizes.rows, few), (sizes.more_rows, many))
    )
    return Measured(many / few, seen)


def _peak_bytes(sizes: Sizes, count: int) -> int:
    with rows.lake(sizes.profile) as lake:
        rows.land(lake.source, count, sizes.rows_per_file)
        ingestion = lake.ingestion.create(lake.source, "loaded")
        rows.require_loaded(ingestion.run(), ingestion.table, count)
        guard = psutil.Process(lake.state.services["ingestion"].pid)
        return sum(_high_water_bytes(one.pid) for one in guard.children(recursive=True))


def _high_water_bytes(pid: int) -> int:
    """Return the most memory that a process ever had at once: VmHWM, which only Linux tells."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise LakebookError(
            "the peak memory of a service cannot be read here", expected="Linux", got="no /proc"
        ) from None
    (line,) = (line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) * _KIB


FIGURE = Figure(
    "loader-memory",
    "peak memory (VmHWM) of the service and its processes after loading the larger number of rows / after the smaller, "
    "each with a fresh service",
    "times",
    1.1,
    measure,
)
