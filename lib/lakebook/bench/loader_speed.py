"""How fast the service loads, beside DuckDB and PyIceberg on the same files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from lakebook import project
from lakebook.bench import rows
from lakebook.bench.figure import Figure, Measured, Sizes
from lakebook.errors import LakebookError
from lakebook.stack import state

if TYPE_CHECKING:
    from lakebook.lake.session import Lake


def measure(sizes: Sizes) -> Measured:
    """Return how many times DuckDB's speed the service has: the best of several turns of each, in alternation."""
    with rows.lake(sizes.profile) as lake:
        files = rows.land(lake.source, sizes.rows, sizes.rows_per_file)
        turns = [(_loaded(lake, sizes, turn), _appended(lake, sizes, turn)) for turn in range(sizes.repeat)]
    loader, other = (min(seconds) for seconds in zip(*turns, strict=True))
    seen = [
        f"{sizes.rows:,} rows in {files} files; the service: best {loader:.2f} s, {sizes.rows / loader:,.0f} rows/s",
        f"DuckDB and PyIceberg: best {other:.2f} s, {sizes.rows / other:,.0f} rows/s",
        f"all turns: {', '.join(f'{ours:.2f} / {theirs:.2f}' for ours, theirs in turns)} s",
    ]
    return Measured(other / loader, tuple(seen))


def _loaded(lake: Lake, sizes: Sizes, turn: int) -> float:
    """Return the seconds from the request for a run to its end, as its client sees it."""
    ingestion = lake.ingestion.create(lake.source, f"loaded_{turn}")
    begin = time.monotonic()
    run = ingestion.run()
    seconds = time.monotonic() - begin
    rows.require_loaded(run, ingestion.table, sizes.rows)
    return seconds


def _appended(lake: Lake, sizes: Sizes, turn: int) -> float:
    """Return the seconds that the other took in a process of its own, its start and imports not among them."""
    table = lake.table(f"appended_{turn}")
    command = [sys.executable, "-m", "lakebook.bench.duckdb_append", lake.source.path, *table.identifier]
    environment = {**os.environ, state.VARIABLE: str(lake.state.file), "LAKEBOOK_HOME": str(project.root())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LakebookError("DuckDB and PyIceberg could not load the files", got=done.stderr[-1000:])
    rows.require_rows(table, sizes.rows)
    return float(json.loads(done.stdout)["seconds"])


FIGURE = Figure(
    "loader-speed",
    "rows a second of the service, from the request for a run to its end / those of DuckDB reading the same JSON files "
    "and PyIceberg creating a table and appending the result, on the same object store and catalog (best turns)",
    "times",
    0.9,
    measure,
    at_least=True,
)
