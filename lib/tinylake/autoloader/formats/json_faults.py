"""What Arrow's complaints about a block of JSON mean: the line, the field, and the types in conflict."""

from __future__ import annotations

import json
import re
from typing import Any

import pyarrow as pa

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.types import is_list, name_of

ROW = re.compile(r"in row (\d+)")
CHANGED = re.compile(r"Column\(/(?P<path>[^)]+)\) changed from (?P<was>\w+) to (?P<found>\w+)")
ARROW_SAYS = {"object": "struct", "array": "list"}
ELEMENT = "[]"


def failure_of(said: str, block: bytes, line: int, expected: pa.DataType) -> Failure:
    """A malformed record, or a type conflict, with its line. `line` is the number of the block's first one."""
    row = ROW.search(said)
    number, text = _line_of(block, int(row.group(1)), line) if row else (line, b"")
    place = f"line {number}" if row else f"line {number} or later"
    changed = CHANGED.search(said)
    if changed is None:
        return Failure(ErrorType.MALFORMED_RECORD, f"malformed record in {place}: {said}")
    path = changed["path"].split("/")
    was = _column(expected, path) or ARROW_SAYS.get(changed["was"], changed["was"])
    found = _value(text, path) or ARROW_SAYS.get(changed["found"], changed["found"])
    field = ".".join("element" if part == ELEMENT else part for part in path)
    message = f"type conflict in field '{field}': it is {was}, and the file has {found} in {place}"
    return Failure(ErrorType.TYPE_CONFLICT, message)


def _line_of(block: bytes, row: int, line: int) -> tuple[int, bytes]:
    """Number and text of the line that holds a row; Arrow counts rows without the empty lines."""
    filled = [(number, text) for number, text in enumerate(block.split(b"\n"), line) if text.strip()]
    return filled[row] if row < len(filled) else (line, b"")


def _column(kind: pa.DataType, path: list[str]) -> str | None:
    """The type that the table has at a path."""
    for part in path:
        if part == ELEMENT and is_list(kind):
            kind = kind.value_type
        elif pa.types.is_struct(kind) and kind.get_field_index(part) >= 0:
            kind = kind.field(part).type
        else:
            return None
    return name_of(kind)


def _value(text: bytes, path: list[str]) -> str | None:
    """The type of the number at a path of one record, which Arrow just calls a number."""
    try:
        value: Any = json.loads(text)
        for part in path:
            value = value[0] if part == ELEMENT else value[part]
    except (ValueError, LookupError, TypeError):
        return None
    return {bool: "boolean", int: "long", float: "double", str: "string"}.get(type(value))
