"""Files of rows, before they land anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file: its name, its rows as they must be read back, and its bytes as they are uploaded."""

    name: str
    rows: pa.Table

    def content(self) -> bytes:
        """Return the bytes of the file, in the format its name ends with: .parquet, or newline-delimited JSON."""
        return self.parquet() if self.name.endswith(".parquet") else self.newline_delimited_json()

    def parquet(self) -> bytes:
        """Return the rows as Parquet, which keeps every type."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - for one format only

        out = pa.BufferOutputStream()
        pq.write_table(self.rows, out)
        return bytes(out.getvalue())

    def newline_delimited_json(self) -> bytes:
        """Return the rows as newline-delimited JSON in UTF-8."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows.to_pylist()).encode()


@dataclass(frozen=True, slots=True)
class Batch:
    """Several files that land together."""

    files: tuple[DataFile, ...]

    def __iter__(self) -> Iterator[DataFile]:
        return iter(self.files)

    @property
    def rows(self) -> pa.Table:
        """The rows of all files."""
        return pa.concat_tables([file.rows for file in self.files], promote_options="permissive")

    def __add__(self, other: Batch) -> Batch:
        """Return the files of both."""
        return Batch(self.files + other.files)

    def without(self, *columns: str) -> Batch:
        """Return the same files without some columns."""
        return Batch(tuple(replace(file, rows=file.rows.drop_columns(list(columns))) for file in self.files))

    def with_value(self, column: str, value: object) -> Batch:
        """Return the same files with one value, whatever its type, in a column of theirs or a new one."""
        return Batch(tuple(replace(file, rows=_with_value(file.rows, column, value)) for file in self.files))

    def head(self, rows: int = 3) -> object:
        """Return the first rows, as pandas shows them."""
        return self.files[0].rows.slice(0, rows).to_pandas()


def _with_value(rows: pa.Table, column: str, value: object) -> pa.Table:
    values = pa.array([value] * rows.num_rows)
    if column not in rows.column_names:
        return rows.append_column(column, values)
    return rows.set_column(rows.column_names.index(column), column, values)
