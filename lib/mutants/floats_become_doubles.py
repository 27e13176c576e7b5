"""A new column of floats is added as one of doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def iceberg_type(kind: Any) -> Any:
        return original(pa.float64() if kind == pa.float32() else kind)

    return iceberg_type


MUTANT = Mutant(
    name="floats_become_doubles",
    sentence="a new column of floats is added as one of doubles",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.commit:iceberg_type",
    replacement=_replacement,
    finds=("EVO-12",),
)

if __name__ == "__main__":
    MUTANT.serve()
