"""What a run and a month cost, by published-looking rates that stand here and in every answer. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

BYTES_PER_GB = 1e9
PLACES = 6
RUNS_PER_MONTH = {None: 1, "custom": 30, "daily": 30, "hourly": 720, "weekly": 4}


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars, and the throughput from which time is estimated."""

    compute_per_hour: float = 0.20
    storage_per_gb_month: float = 0.023
    thousand_lists: float = 0.005
    files_per_list: int = 1000
    bytes_per_second: float = 20e6
    seconds_per_run: float = 2.0


RATES = Rates()


def gigabytes(size: int) -> float:
    return size / BYTES_PER_GB


def run_seconds(size: int) -> float:
    return RATES.seconds_per_run + size / RATES.bytes_per_second


def run_cost(size: int) -> float:
    return round(run_seconds(size) / 3600 * RATES.compute_per_hour, PLACES)


def estimate(files: int, size: int, frequency: str | None) -> dict[str, Any]:
    """Total a month = compute + storage + discovery; compute a month = compute a run x runs a month."""
    runs = RUNS_PER_MONTH[frequency]
    lists = max(1, -(-files // RATES.files_per_list))
    compute = run_cost(size)
    monthly = round(compute * runs, PLACES)
    storage = round(gigabytes(size) * RATES.storage_per_gb_month, PLACES)
    discovery = round(lists * runs / 1000 * RATES.thousand_lists, PLACES)
    return {
        "compute_per_run": compute,
        "compute_monthly": monthly,
        "storage_monthly": storage,
        "discovery_monthly": discovery,
        "total_monthly": round(monthly + storage + discovery, PLACES),
        "breakdown_details": {
            "runs_per_month": runs,
            "files": files,
            "bytes": size,
            "data_size_gb": gigabytes(size),
            "lists_per_run": lists,
            "seconds_per_run": run_seconds(size),
            "rates_usd": asdict(RATES),
        },
    }
