"""Files of rows, before they land anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file: its name, its rows as they must be read back, and its bytes as they are uploaded."""

    name: str
    rows: pa.Table

    def newline_delimited_json(self) -> bytes:
        """Return the rows as newline-delimited JSON in UTF-8."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows.to_pylist()).encode()


@dataclass(frozen=True, slots=True)
class Batch:
    """Several files that land together."""

    files: tuple[DataFile, ...]

    def __iter__(self) -> Iterator[DataFile]:
        return iter(self.files)

    def head(self, rows: int = 3) -> object:
        """Return the first rows, as pandas shows them."""
        return self.files[0].rows.slice(0, rows).to_pandas()
