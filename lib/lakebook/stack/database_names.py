"""The names of databases that services of a stack have in a server: by them they are known as this stack's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_STACK, _LONGEST_SERVICE = 30, 32  # PostgreSQL cuts what is longer than 63; the ends of names tell them apart


def of_service(folder: Path) -> str:
    """Return the name of the database of a service with this folder: in letters that need no quotes."""
    return f"{of_stack(folder.parent)}{_plain(folder)[-_LONGEST_SERVICE:]}"


def of_stack(folder: Path) -> str:
    """Return what the names of all databases of a stack with this folder begin with."""
    return f"{_plain(folder)[-_LONGEST_STACK:]}_"


def _plain(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]", "_", folder.name.lower())
