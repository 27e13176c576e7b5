"""Runs that an earlier process left open are taken for failed, without a look at the table's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader import reconcile
from tinylake.autoloader.store import runs

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def settle(service: Any, ingestion: Any, current: str | None = None) -> None:
        for run in runs.unsettled(service.engine, ingestion.id):
            if run.id != current:
                reconcile.record_interrupted(service, run, None)

    return settle


MUTANT = Mutant(
    name="history_unread",
    sentence="runs that an earlier process left open are taken for failed, without a look at the table's history",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.reconcile:settle",
    replacement=_replacement,
    finds=("ING-14",),
)

if __name__ == "__main__":
    MUTANT.serve()
