"""Table metadata: making it new, changing it, and its files."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import BaseModel
from pyiceberg.exceptions import ValidationError
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.metadata import (
    TableMetadata,
    TableMetadataUtil,
    TableMetadataV1,
    TableMetadataV2,
    TableMetadataV3,
    new_table_metadata,
)
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER, SortOrder
from pyiceberg.table.update import UpgradeFormatVersionUpdate, update_table_metadata

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyiceberg.table.update import TableUpdate

FIRST_PARTITION_FIELD = 1_000
FILE_NAME = re.compile(r"(\d{5,})-[^/]+\.metadata\.json$")


def new(
    schema: Mapping[str, Any],
    spec: Mapping[str, Any] | None,
    order: Mapping[str, Any] | None,
    location: str,
    properties: Mapping[str, str],
) -> TableMetadata:
    """Metadata of a table that begins, with fresh field ids; 400 for a schema, spec or order that cannot be."""
    with errors.refusing("the table cannot be created"):
        made = new_table_metadata(
            schema=Schema.model_validate(schema),
            partition_spec=PartitionSpec.model_validate(_numbered(spec)) if spec else UNPARTITIONED_PARTITION_SPEC,
            sort_order=SortOrder.model_validate(order) if order else UNSORTED_SORT_ORDER,
            location=location.rstrip("/"),
            properties=dict(properties),
        )
        return _settled(made)


def changed(base: TableMetadata, updates: Sequence[TableUpdate], location: str | None) -> TableMetadata:
    """`base` with all updates; 400 for one that cannot be. `location` is the file that `base` was read from."""
    with errors.refusing("the updates cannot be applied"):
        return _settled(update_table_metadata(base, tuple(updates), metadata_location=location))


def empty(updates: Sequence[TableUpdate]) -> TableMetadata:
    """What a commit that creates a table starts from, in the format version that it asks for."""
    version = next((one.format_version for one in updates if isinstance(one, UpgradeFormatVersionUpdate)), 2)
    if version == 1:
        return TableMetadataV1.model_construct(last_column_id=-1, schema_=Schema(), partition_spec=[])
    if version == 3:
        return TableMetadataV3.model_construct(last_column_id=-1, next_row_id=0)
    return TableMetadataV2.model_construct(last_column_id=-1)


def read(content: bytes, location: str) -> TableMetadata:
    """The metadata in a file's content; 500 with its location when it is broken."""
    try:
        return TableMetadataUtil.parse_raw(text(content, location))
    except (ValueError, ValidationError) as error:
        raise errors.internal(f"a metadata file is corrupt: {location}") from error


def text(content: bytes, location: str) -> str:
    """A metadata file's JSON, as it was written; 500 with its location when it cannot be read."""
    try:
        return (gzip.decompress(content) if location.endswith(".gz.metadata.json") else content).decode()
    except (OSError, EOFError, UnicodeError) as error:
        raise errors.internal(f"a metadata file is corrupt: {location}") from error


def write(metadata: TableMetadata) -> str:
    """The JSON of a metadata file, in format version 3 too, which PyIceberg's own method refuses."""
    return BaseModel.model_dump_json(metadata, exclude_none=True, by_alias=True)


def next_file(location: str, previous: str | None) -> str:
    """Where the next metadata file goes: numbered one after the previous, and with a name that no other has."""
    found = FILE_NAME.search(previous or "")
    version = int(found.group(1)) + 1 if found else 0
    return f"{location.rstrip('/')}/metadata/{version:05d}-{uuid4()}.metadata.json"


def outlived(base: TableMetadata, after: TableMetadata) -> list[str]:
    """Metadata files that fell out of the log, when the table wants these deleted."""
    if after.properties.get("write.metadata.delete-after-commit.enabled", "false").lower() != "true":
        return []
    kept = {entry.metadata_file for entry in after.metadata_log}
    return [entry.metadata_file for entry in base.metadata_log if entry.metadata_file not in kept]


def _settled(metadata: TableMetadata) -> TableMetadata:
    """What PyIceberg leaves open: version 1's single schema and spec, version 3's first row id; then validated."""
    settled: dict[str, Any] = {}
    if isinstance(metadata, TableMetadataV1):
        spec = [field.model_dump() for field in metadata.spec().fields]
        settled = {"schema_": metadata.schema(), "partition_spec": spec}
    if isinstance(metadata, TableMetadataV3) and metadata.next_row_id is None:
        settled = {"next_row_id": 0}
    return TableMetadataUtil.parse_raw(write(metadata.model_copy(update=settled)))


def _numbered(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec whose fields all have ids: the specification lets a client leave them to the catalog."""
    fields = [{"field-id": FIRST_PARTITION_FIELD + place, **one} for place, one in enumerate(spec.get("fields", []))]
    return {**spec, "fields": fields}
