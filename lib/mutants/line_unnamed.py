"""The error of a malformed file does not say in which line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def named(path: str, failure: Any) -> Any:
        return original(path, type(failure)(failure.error_type, "malformed record"))

    return named


MUTANT = Mutant(
    name="line_unnamed",
    sentence="the error of a malformed file does not say in which line",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.reading:named",
    replacement=_replacement,
    finds=("ING-30",),
)

if __name__ == "__main__":
    MUTANT.serve()
