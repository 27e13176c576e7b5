"""How commands tell what is there and what is absent: a name, why, and below that the command that brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


def lines(entries: Iterable[tuple[str, Text, str]]) -> Table:
    """Return entries of a name, what is told of it, and what to do, where there is something to do."""
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, said, todo in entries:
        table.add_row(name, Text("\n").join([said, *([Text(todo)] if todo else [])]))
    return table
