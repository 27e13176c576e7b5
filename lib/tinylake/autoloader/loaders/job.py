"""What a loader is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from tinylake.autoloader.failures import RunError
    from tinylake.autoloader.settings import Settings
    from tinylake.autoloader.source import Source
    from tinylake.autoloader.store.files import SourceFile


@dataclass(frozen=True, slots=True)
class Job:
    """One run's work. `note_data_files` is called with every path before it is written."""

    run_id: str
    ingestion_id: str
    source: Source
    format: dict[str, Any]
    namespace: str
    table: str
    policy: str
    partition_columns: tuple[str, ...]
    settings: Settings
    note_data_files: Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run came to: the files whose rows are in the table, and the errors of those that failed alone."""

    files: list[SourceFile] = field(default_factory=list)
    errors: list[RunError] = field(default_factory=list)
    records: int = 0
    bytes_written: int = 0
    row_type: pa.DataType | None = None
    changed_by: dict[str, list[str]] = field(default_factory=dict)
