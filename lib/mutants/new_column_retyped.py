"""Texts that look like numbers become numbers in a column that is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def batches(*arguments: Any) -> Any:
        for batch in original(*arguments):
            place = batch.schema.get_field_index("metadata")
            yield batch if place < 0 else batch.set_column(place, "metadata", _retyped(batch.column(place)))

    return batches


def _retyped(structs: Any) -> Any:
    names = [field.name for field in structs.type]
    parts = [pc.struct_field(structs, name) for name in names]
    retyped = [
        pc.cast(part, pa.float64()) if name == "version" else part for name, part in zip(names, parts, strict=True)
    ]
    return pa.StructArray.from_arrays(retyped, names)


MUTANT = Mutant(
    name="new_column_retyped",
    sentence="texts that look like numbers become numbers in a column that is new",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.reading:batches",
    replacement=_replacement,
    finds=("EVO-03",),
)

if __name__ == "__main__":
    MUTANT.serve()
