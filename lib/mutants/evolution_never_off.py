"""An ingestion with evolution switched off adds columns all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def policy(body: Any) -> Any:
        return body.on_schema_change or "append_new_columns"

    return policy


MUTANT = Mutant(
    name="evolution_never_off",
    sentence="an ingestion with evolution switched off adds columns all the same",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.api.bodies:IngestionCreate.policy",
    replacement=_replacement,
    finds=("EVO-06",),
)

if __name__ == "__main__":
    MUTANT.serve()
