"""A table that only one Spark job sees: it has the destination's schema, field ids and spec, and no catalog knows it.

Spark writes its data files by Iceberg's own writer, beside those of the destination, and commits them here; from here
they are committed to the destination as files that were written ahead. So the protocol of that commit is the same for
every loader, and a job that goes on after its run was given up touches nothing that anyone reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from pyiceberg.serializers import ToOutputFile
from pyiceberg.table import StaticTable

from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table
    from pyiceberg.table.metadata import TableMetadata

FOLDER = "staging"
DATA = "write.data.path"


@dataclass(frozen=True, slots=True)
class Staging:
    """The table `FOLDER.name` of Iceberg's file-based catalog in `warehouse`; `data` is where its data files go."""

    table: Table
    name: str

    @property
    def warehouse(self) -> str:
        return f"{self.table.location().rstrip('/')}/metadata"

    @property
    def location(self) -> str:
        return f"{self.warehouse}/{FOLDER}/{self.name}"

    @property
    def data(self) -> str:
        return f"{self.table.location().rstrip('/')}/data/{self.name}"

    def create(self, metadata: TableMetadata) -> None:
        """Write the first version of its metadata: the destination's as it will be, without any history."""
        kept = {
            name: value for name, value in metadata.properties.items() if not name.startswith("write.object-storage")
        }
        first = metadata.model_copy(
            update={
                "table_uuid": uuid4(),
                "location": self.location,
                "properties": {**kept, DATA: self.data, "write.parquet.compression-codec": "zstd"},
                "snapshots": [],
                "snapshot_log": [],
                "metadata_log": [],
                "refs": {},
                "current_snapshot_id": None,
                "last_sequence_number": 0,
            }
        )
        ToOutputFile.table_metadata(first, self.table.io.new_output(self._metadata(1)), overwrite=False)
        with self.table.io.new_output(f"{self.location}/metadata/version-hint.text").create() as hint:
            hint.write(b"1")

    def data_files(self, rows: int) -> list[DataFile]:
        """What Spark committed here. Failure where it is not exactly so many rows."""
        staged = StaticTable.from_metadata(self._metadata(2), properties=dict(self.table.io.properties))
        snapshot = staged.current_snapshot()
        manifests = snapshot.manifests(staged.io) if snapshot else []
        found = [entry.data_file for manifest in manifests for entry in manifest.fetch_manifest_entry(staged.io)]
        if (written := sum(file.record_count for file in found)) != rows:
            message = f"Spark wrote {written} rows where the files have {rows}; none were loaded"
            raise Failure(ErrorType.INTERNAL, message)
        return found

    def _metadata(self, version: int) -> str:
        return f"{self.location}/metadata/v{version}.metadata.json"
