"""A text where a number is expected is read as NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def batches(reading: Any, file: Any, expected: Any) -> Any:
        numbers = {field.name: field.type for field in expected if pa.types.is_floating(field.type)}
        for batch in original(reading, file, expected):
            yield _with_nulls(batch, numbers)

    return batches


def _with_nulls(batch: Any, numbers: dict[str, Any]) -> Any:
    texts = [name for name in numbers if name in batch.schema.names and pa.types.is_string(batch.column(name).type)]
    for name in texts:
        place = batch.schema.get_field_index(name)
        batch = batch.set_column(place, name, pa.nulls(batch.num_rows, numbers[name]))
    return batch


MUTANT = Mutant(
    name="text_read_as_null",
    sentence="a text where a number is expected is read as NULL",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.loaders.reading:batches",
    replacement=_replacement,
    finds=("EVO-09",),
)

if __name__ == "__main__":
    MUTANT.serve()
