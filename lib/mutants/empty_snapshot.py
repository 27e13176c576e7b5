"""A run that finds nothing commits an empty snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant
from tinylake.autoloader import destination

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def work(service: Any, ingestion: Any, run: Any) -> Any:
        came_to = original(service, ingestion, run)
        if not came_to.files:
            _, namespace, name = ingestion.destination
            table = destination.load(destination.connect(service.settings), namespace, name)
            assert table is not None  # noqa: S101 - the scenario has loaded before
            table.append(table.schema().as_arrow().empty_table())
        return came_to

    return work


MUTANT = Mutant(
    name="empty_snapshot",
    sentence="a run that finds nothing commits an empty snapshot",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.execute:_work",
    replacement=_replacement,
    finds=("ING-11",),
)

if __name__ == "__main__":
    MUTANT.serve()
