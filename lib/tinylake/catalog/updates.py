"""A commit's updates, made fit for the table as it is now, before PyIceberg applies them.

Ids are the catalog's to give (REST specification, TableUpdate): a schema, spec or order that is there already keeps its
id, one whose id is taken gets the next, and -1 means the one added last.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pyiceberg.table.metadata import TableMetadataV1
from pyiceberg.table.update import (
    AddPartitionSpecUpdate,
    AddSchemaUpdate,
    AddSnapshotUpdate,
    AddSortOrderUpdate,
    AssignUUIDUpdate,
    RemovePropertiesUpdate,
    SetCurrentSchemaUpdate,
    SetDefaultSortOrderUpdate,
    SetDefaultSpecUpdate,
    SetLocationUpdate,
)
from pyiceberg.types import ListType, MapType, StructType

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyiceberg.schema import Schema
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.snapshots import Snapshot
    from pyiceberg.table.update import TableUpdate
    from pyiceberg.types import IcebergType

LAST_ADDED = -1


class Numbering:
    """The ids of one kind of thing (schemas, specs or orders) while updates are gone through."""

    def __init__(self, id_field: str, present: Iterable[Any], content: Callable[[Any], Any]) -> None:
        """`content` is what makes two of a kind the same, whatever their ids."""
        self._id_field = id_field
        self._content = content
        self._present = {getattr(one, id_field): one for one in present}
        self._renumbered: dict[int, int] = {}
        self._last: int | None = None

    def added(self, one: Any) -> Any | None:
        """`one` with the id that it gets, or None when the table has it already."""
        asked = getattr(one, self._id_field)
        same = [id_ for id_, other in self._present.items() if self._content(other) == self._content(one)]
        given = same[0] if same else max(self._present, default=-1) + 1 if asked in self._present else asked
        self._renumbered[asked], self._last = given, given
        if same:
            return None
        self._present[given] = one.model_copy(update={self._id_field: given})
        return self._present[given]

    def resolved(self, asked: int) -> int:
        """The id that a client means; 400 for `last added` when nothing was."""
        if asked != LAST_ADDED:
            return self._renumbered.get(asked, asked)
        if self._last is None:
            raise errors.bad_request(f"the last added {self._id_field} was asked for, and none was added")
        return self._last


def fit(base: TableMetadata, updates: Sequence[TableUpdate]) -> list[TableUpdate]:
    """The updates that do to `base` what the client means; 400 or 409 where that cannot be."""
    numberings = {
        "schema_id": Numbering("schema_id", base.schemas, lambda one: (one.fields, sorted(one.identifier_field_ids))),
        "spec_id": Numbering("spec_id", base.partition_specs, lambda one: one.fields),
        "order_id": Numbering("order_id", base.sort_orders, lambda one: one.fields),
    }
    fitted = (_fit(base, update, numberings) for update in updates)
    return [update for update in fitted if update is not None]


def location(updates: Sequence[TableUpdate]) -> str | None:
    """The location that the updates end with, or None when they set none."""
    return next((update.location for update in reversed(updates) if isinstance(update, SetLocationUpdate)), None)


def relocated(updates: Sequence[TableUpdate], place: str) -> list[TableUpdate]:
    """The updates with every location set to `place`."""
    moved = SetLocationUpdate(location=place.rstrip("/"))
    return [moved if isinstance(update, SetLocationUpdate) else update for update in updates]


def _fit(base: TableMetadata, update: TableUpdate, numberings: dict[str, Numbering]) -> TableUpdate | None:
    match update:
        case AddSchemaUpdate():
            _refuse_shared_ids(update.schema_)
            return _added(update, "schema_", numberings["schema_id"])
        case AddPartitionSpecUpdate():
            return _added(update, "spec", numberings["spec_id"])
        case AddSortOrderUpdate():
            return _added(update, "sort_order", numberings["order_id"])
        case SetCurrentSchemaUpdate() | SetDefaultSpecUpdate() | SetDefaultSortOrderUpdate():
            return _chosen(update, numberings)
        case RemovePropertiesUpdate():
            return RemovePropertiesUpdate(removals=[key for key in update.removals if key in base.properties])
        case AssignUUIDUpdate() | AddSnapshotUpdate():
            _refuse(base, update)
    return update


def _added(update: Any, field: str, numbering: Numbering) -> TableUpdate | None:
    one = numbering.added(getattr(update, field))
    return None if one is None else update.model_copy(update={field: one})


def _chosen(
    update: SetCurrentSchemaUpdate | SetDefaultSpecUpdate | SetDefaultSortOrderUpdate, numberings: dict[str, Numbering]
) -> TableUpdate:
    field = next(name for name in ("schema_id", "spec_id", "sort_order_id") if hasattr(update, name))
    numbering = numberings[field.removeprefix("sort_")]
    return update.model_copy(update={field: numbering.resolved(getattr(update, field))})


def _refuse_shared_ids(schema: Schema) -> None:
    """400 for a schema in which two fields have one id: no reader could tell them apart."""
    ids = Counter(_field_ids(schema.as_struct()))
    if shared := [number for number, times in ids.items() if times > 1]:
        raise errors.bad_request(f"a field id belongs to one field, and this schema gives {shared[0]} to several")


def _field_ids(kind: IcebergType) -> Iterator[int]:
    match kind:
        case StructType():
            inner = kind.fields
        case ListType():
            inner = (kind.element_field,)
        case MapType():
            inner = (kind.key_field, kind.value_field)
        case _:
            inner = ()
    for field in inner:
        yield field.field_id
        yield from _field_ids(field.field_type)


def _refuse(base: TableMetadata, update: AssignUUIDUpdate | AddSnapshotUpdate) -> None:
    if isinstance(update, AddSnapshotUpdate):
        _refuse_stale(base, update.snapshot)
    elif base.schemas and update.uuid != base.table_uuid:
        raise errors.bad_request(f"a table's uuid cannot change: {base.table_uuid} to {update.uuid}")


def _refuse_stale(base: TableMetadata, snapshot: Snapshot) -> None:
    """A snapshot made while another was committed (to another branch, say): 409, so that the client makes it anew."""
    number = snapshot.sequence_number
    if isinstance(base, TableMetadataV1) or number is None or snapshot.parent_snapshot_id is None:
        return
    if number <= base.last_sequence_number:
        said = f"snapshot {snapshot.snapshot_id} has sequence number {number}"
        raise errors.commit_failed(f"{said}, and the table is at {base.last_sequence_number} already")
