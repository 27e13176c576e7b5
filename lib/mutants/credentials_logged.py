"""The credentials of a source are written to the log when it is opened."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def open_source(definition: Any, credentials: Any) -> Any:
        sys.stderr.write(f"opening {definition['path']} with {dict(credentials)}\n")
        return original(definition, credentials)

    return open_source


MUTANT = Mutant(
    name="credentials_logged",
    sentence="the credentials of a source are written to the log when it is opened",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.source:open_source",
    replacement=_replacement,
    finds=("ING-35",),
)

if __name__ == "__main__":
    MUTANT.serve()
