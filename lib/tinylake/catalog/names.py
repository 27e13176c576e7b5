"""Namespaces and table names, and how they are written in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

SEPARATOR = "\x1f"
LONGEST_BYTES = 1_024  # a namespace's levels and a name together: every database can index that

Namespace = tuple[str, ...]


class TableName(NamedTuple):
    """A table's namespace and its own name."""

    namespace: Namespace
    name: str

    def __str__(self) -> str:
        return ".".join((*self.namespace, self.name))


def namespace(text: str) -> Namespace:
    """The levels of a namespace as one path or query part has them (REST specification: joined by 0x1F)."""
    return checked(text.split(SEPARATOR))


def checked(levels: list[str] | Namespace) -> Namespace:
    """The levels, when there is one at least and none is empty or holds a separator; else 400."""
    if not levels or not all(levels):
        raise errors.bad_request(f"a namespace has one or more levels, none of them empty; got {list(levels)!r}")
    for level in levels:
        _readable(level)
    _short(levels)
    return tuple(levels)


def table(levels: list[str] | Namespace, name: str) -> TableName:
    """A checked table name; 400 for an empty one."""
    if not name:
        raise errors.bad_request("a table's name must not be empty")
    found = TableName(checked(levels), _readable(name))
    _short((*levels, name))
    return found


def dotted(levels: Namespace) -> str:
    """A namespace for people."""
    return ".".join(levels)


def _short(parts: Iterable[str]) -> None:
    size = len(SEPARATOR.join(parts).encode())
    if size > LONGEST_BYTES:
        raise errors.bad_request(f"a name has at most {LONGEST_BYTES} bytes, its namespace included; got {size}")


def _readable(name: str) -> str:
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in name):
        raise errors.bad_request(f"a name must not hold control characters; got {name!r}")
    return name
