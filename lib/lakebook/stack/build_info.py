"""Which version a Go program is of: what the linker has put into it, for which no Go is needed."""

from __future__ import annotations

import mmap
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Source: Go's debug/buildinfo. Behind the mark, a header and Go's own version come the lines of `go version -m`.
_MODULE = re.compile(rb"\xff Go buildinf:.{16,200}?path\t[^\n]*\nmod\t[^\t\n]+\t([^\t\n]+)", re.DOTALL)


@cache
def module_version(program: Path) -> str | None:
    """Return the version of the module that a program was built from, as in v1.2.3; None where it carries none."""
    if not program.stat().st_size:
        return None
    with program.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = _MODULE.search(content)
        return found[1].decode() if found else None
