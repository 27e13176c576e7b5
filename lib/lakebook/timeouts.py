"""Every time-out of Lakebook, in seconds, in one record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each kind of waiting may take, in seconds; machines under load are slow, so none is tight."""

    service_ready: float = 60
    service_stop: float = 5
    service_setup: float = 20
    http: float = 20
    s3: float = 20
    ingestion_run: float = 300
    cell: float = 600
    scenario: float = 900
    kernel_start: float = 60
    poll_interval: float = 0.05


TIMEOUTS = Timeouts()
