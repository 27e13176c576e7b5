"""A run reports the bytes that it wrote as the bytes that it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def metrics_of(outcome: Any, started_at: str, ended_at: str) -> dict[str, Any]:
        metrics: dict[str, Any] = original(outcome, started_at, ended_at)
        return {**metrics, "bytes_read": metrics["bytes_written"]}

    return metrics_of


MUTANT = Mutant(
    name="bytes_miscounted",
    sentence="a run reports the bytes that it wrote as the bytes that it read",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.outcome:metrics_of",
    replacement=_replacement,
    finds=("ING-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
