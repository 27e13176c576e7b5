"""A dry run of a new-only refresh drops the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader import refresh as refreshing

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def refresh(context: Any, ingestion: Any, body: Any, mode: str) -> Any:
        answer = original(context, ingestion, body, mode)
        if mode == "new_only" and body.dry_run:
            refreshing.drop_table(refreshing.Refresh(context.service, ingestion, mode, auto_run=False))
        return answer

    return refresh


MUTANT = Mutant(
    name="new_only_dry_run_drops",
    sentence="a dry run of a new-only refresh drops the table",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.routes.refresh:_refresh",
    replacement=_replacement,
    finds=("REF-08",),
)

if __name__ == "__main__":
    MUTANT.serve()
