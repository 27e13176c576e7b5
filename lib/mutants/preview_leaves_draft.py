"""A preview leaves an ingestion behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader.store import ingestions

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def known_row(body: Any, context: Any) -> Any:
        table = body.destination.table if body.destination else "preview"
        database = body.destination.database if body.destination else "preview"
        definition = {
            **body.model_dump(mode="json", by_alias=True),
            "on_schema_change": "ignore",
            "cluster_id": "local",
        }
        definition["quality"] = {}
        ingestions.create(context.engine, f"{database}.{table}", definition, {})
        return original(body, context)

    return known_row


MUTANT = Mutant(
    name="preview_leaves_draft",
    sentence="a preview leaves an ingestion behind",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.routes.preview:known_row",
    replacement=_replacement,
    finds=("ING-26",),
)

if __name__ == "__main__":
    MUTANT.serve()
