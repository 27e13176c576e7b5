"""Of a large file only the beginning is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


_BYTES = 1024 * 1024


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def _blocks(body: Any) -> Any:
        head, newline, rest = body.read(_BYTES).rpartition(b"\n")
        yield head + newline or rest

    return _blocks


MUTANT = Mutant(
    name="first_block_only",
    sentence="of a large file only the beginning is read",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.formats.json:_blocks",
    replacement=_replacement,
    finds=("ING-21",),
)

if __name__ == "__main__":
    MUTANT.serve()
