"""Pure functions on Arrow types: names, merging, fitting, and what is new. A row is a struct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema import promotion

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str, ...]
NAMES = {
    pa.int32(): "int",
    pa.int64(): "long",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}
STORABLE = {*NAMES.values(), "string", "binary", "timestamp", "timestamptz"}

STORED_AS = {
    pa.int8(): pa.int32(),
    pa.int16(): pa.int32(),
    pa.uint8(): pa.int32(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.float16(): pa.float32(),
    pa.date64(): pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Addition:
    """A field that a file has and the table lacks."""

    path: Path
    type: pa.DataType

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Widening:
    """A field of the table whose type has to become a wider one. The last parts of a path may be elements of lists."""

    path: Path
    old: pa.DataType
    new: pa.DataType
    elements: int = 0

    @property
    def name(self) -> str:
        return ".".join(self.path[: len(self.path) - self.elements])


def is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def name_of(kind: pa.DataType) -> str:
    """The type in Iceberg's words."""
    if is_text(kind):
        return "string"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {name_of(field.type)}' for field in kind)}>"
    if is_list(kind):
        return f"list<{name_of(kind.value_type)}>"
    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "binary"
    return NAMES.get(kind, str(kind).replace("decimal128(", "decimal("))


def known(kind: pa.DataType) -> pa.DataType | None:
    """The type without its unknown parts (columns of nulls, empty objects, empty lists); None if nothing is known."""
    if pa.types.is_null(kind):
        return None
    if pa.types.is_struct(kind):
        fields = [(field.name, known(field.type)) for field in kind]
        kept = [pa.field(name, inner) for name, inner in fields if inner is not None]
        return pa.struct(kept) if kept else None
    if is_list(kind):
        inner = known(kind.value_type)
        return None if inner is None else pa.list_(inner)
    if pa.types.is_dictionary(kind):
        return known(kind.value_type)
    return pa.timestamp("us", kind.tz) if pa.types.is_timestamp(kind) else STORED_AS.get(kind, kind)


def merge(left: pa.DataType, right: pa.DataType, path: Path = ()) -> pa.DataType:
    """One type for the values of both: the wider one. Failure names the field and both types."""
    if pa.types.is_struct(left) and pa.types.is_struct(right):
        theirs = {field.name: field.type for field in right}
        both = [
            pa.field(field.name, merge(field.type, theirs.pop(field.name, field.type), (*path, field.name)))
            for field in left
        ]
        return pa.struct([*both, *(pa.field(name, kind) for name, kind in theirs.items())])
    if is_list(left) and is_list(right):
        return pa.list_(merge(left.value_type, right.value_type, path))
    if is_text(left) and is_text(right):
        return left
    if one := promotion.wider(left, right):
        return one
    raise conflict(path, left, right)


def fitted(column: pa.DataType, found: pa.DataType, *, widen: bool, path: Path = ()) -> pa.DataType:
    """What the found fields are once they are stored: the columns' types, wider ones where `widen` allows.

    Fields without a column stay as they were found. Failure names a field that cannot be stored, and both types.
    """
    if pa.types.is_struct(column) and pa.types.is_struct(found):
        columns = {field.name: field.type for field in column}
        return pa.struct(
            [
                pa.field(
                    one.name, fitted(columns.get(one.name, one.type), one.type, widen=widen, path=(*path, one.name))
                )
                for one in found
            ]
        )
    if is_list(column) and is_list(found):
        return pa.list_(fitted(column.value_type, found.value_type, widen=widen, path=path))
    if stores(column, found):
        return column
    if widen and (wide := promotion.promoted(column, found)):
        return wide
    raise conflict(path, column, found)


def stores(column: pa.DataType, found: pa.DataType) -> bool:
    """Whether a column keeps every value of a found type; what depends on the values is tried when they are cast."""
    if name_of(column) == name_of(found):
        return True
    if is_text(found):
        return bool(pa.types.is_timestamp(column) or pa.types.is_date(column))
    return promotion.holds(column, found)


def check_storable(kind: pa.DataType, path: Path = ()) -> None:
    """Nothing, if columns can have the type; else Failure names the field, and its type."""
    if pa.types.is_struct(kind):
        for field in kind:
            check_storable(field.type, (*path, field.name))
    elif is_list(kind):
        check_storable(kind.value_type, path)
    elif name_of(kind) not in STORABLE and not name_of(kind).startswith("decimal("):
        message = f"no column can hold field '{'.'.join(path)}': the file has {name_of(kind)}"
        raise Failure(ErrorType.TYPE_CONFLICT, message)


def conflict(path: Path, column: pa.DataType, found: pa.DataType) -> Failure:
    name = ".".join(path)
    message = f"type conflict in field '{name}': it is {name_of(column)}, and the file has {name_of(found)}"
    return Failure(ErrorType.TYPE_CONFLICT, message)


def additions(table: pa.DataType, found: pa.DataType, path: Path = ()) -> Iterator[Addition]:
    """The fields of `found` that `table` lacks, outermost only: a new struct is one addition."""
    if pa.types.is_struct(table) and pa.types.is_struct(found):
        columns = {field.name: field.type for field in table}
        for field in found:
            inside = (*path, field.name)
            if field.name in columns:
                yield from additions(columns[field.name], field.type, inside)
            else:
                yield Addition(inside, field.type)
    elif is_list(table) and is_list(found):
        yield from additions(table.value_type, found.value_type, path)


def widenings(table: pa.DataType, found: pa.DataType, path: Path = (), elements: int = 0) -> Iterator[Widening]:
    """The fields of both that `found` has with a wider type."""
    if pa.types.is_struct(table) and pa.types.is_struct(found):
        columns = {field.name: field.type for field in table}
        for field in found:
            if field.name in columns:
                yield from widenings(columns[field.name], field.type, (*path, field.name))
    elif is_list(table) and is_list(found):
        inside = (path, 0) if pa.types.is_struct(table.value_type) else ((*path, "element"), elements + 1)
        yield from widenings(table.value_type, found.value_type, *inside)
    elif name_of(table) != name_of(found):
        yield Widening(path, table, found, elements)


def common(table: pa.DataType, found: pa.DataType) -> pa.DataType:
    """`found` without what `table` lacks."""
    if pa.types.is_struct(table) and pa.types.is_struct(found):
        columns = {field.name: field.type for field in table}
        kept = [field for field in found if field.name in columns]
        return pa.struct([pa.field(field.name, common(columns[field.name], field.type)) for field in kept])
    if is_list(table) and is_list(found):
        return pa.list_(common(table.value_type, found.value_type))
    return found


def paths(kind: pa.DataType, path: Path = ()) -> Iterator[tuple[str, str]]:
    """Every field by its dotted name, with its type; structs and lists of structs only as such, before their fields."""
    for field in kind:
        inside = (*path, field.name)
        inner = field.type.value_type if is_list(field.type) else field.type
        if pa.types.is_struct(inner):
            yield ".".join(inside), "list<struct>" if is_list(field.type) else "struct"
            yield from paths(inner, inside)
        else:
            yield ".".join(inside), name_of(field.type)


def columns(kind: pa.DataType, known: pa.DataType | None = None) -> list[dict[str, Any]]:
    """A row type as the API shows it."""
    names = {field.name for field in known} if known is not None else set()
    shown: list[dict[str, Any]] = []
    for field in kind:
        shown.append({"name": field.name, "data_type": name_of(field.type), "nullable": field.nullable})
        if known is not None:
            shown[-1]["is_new"] = field.name not in names
    return shown
