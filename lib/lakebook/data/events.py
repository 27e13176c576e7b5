"""Click-stream events: the rows that the first workflows load."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from lakebook.data.batch import Batch, DataFile

if TYPE_CHECKING:
    from collections.abc import Callable

_START = datetime(2026, 1, 1, tzinfo=UTC)
_TYPES = ("login", "pageview", "click", "purchase")
_REGIONS = ("eu-central", "us-east", "ap-south")
_BROWSERS = ("firefox", "chromium", "safari")
_DEVICES = ("phone", "laptop", "tablet")

BASE = {
    "id": pa.int64(),
    "timestamp": pa.string(),
    "user_id": pa.string(),
    "event_type": pa.string(),
    "value": pa.float64(),
}
_METADATA = pa.struct([(name, pa.string()) for name in ("browser", "version", "device")])
EVOLVED = {**BASE, "region": pa.string(), "metadata": _METADATA}

_VALUES: dict[str, Callable[[int], object]] = {
    "id": lambda n: n,
    "timestamp": lambda n: (_START + timedelta(seconds=n)).isoformat().replace("+00:00", "Z"),
    "user_id": lambda n: f"user-{n * 7919 % 997:03d}",
    "event_type": lambda n: _TYPES[n * 31 % len(_TYPES)],
    "value": lambda n: n * 37 % 10_000 / 100 + 0.005,
    "region": lambda n: _REGIONS[n % len(_REGIONS)],
    "metadata": lambda n: {
        "browser": _BROWSERS[n % len(_BROWSERS)],
        "version": f"{n % 40 + 100}.0",
        "device": _DEVICES[n // 3 % len(_DEVICES)],
    },
}


def events(files: int, rows_per_file: int, *, first: int = 0, schema: Literal["base", "evolved"] = "base") -> Batch:
    """Return `files` files `data/batch_N.json` of `rows_per_file` rows, N counting from `first`.

    `id` counts on over all files, so that batches with different `first` never share one. The schema "base" has id,
    timestamp, user_id, event_type and value; "evolved" adds region and the struct metadata. Source: the ingestion API.
    """
    columns = BASE if schema == "base" else EVOLVED
    return Batch(tuple(_file(number, rows_per_file, columns) for number in range(first, first + files)))


def _file(number: int, rows: int, columns: dict[str, pa.DataType]) -> DataFile:
    ids = range(number * rows, (number + 1) * rows)
    arrays = [pa.array([_VALUES[name](n) for n in ids], kind) for name, kind in columns.items()]
    return DataFile(f"batch_{number}.json", pa.table(arrays, schema=pa.schema(list(columns.items()))))
