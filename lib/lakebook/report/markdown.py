"""Text as Markdown shows it: nothing in it is taken for a mark, and no secret hides behind an escape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lakebook import secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!$&])")
_TICKS = re.compile("`+")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a text without secrets, terminal colours and what is no character; line ends and tabs stay."""
    return _CONTROL.sub("", _ANSI.sub("", secret.redact(text)))


def text(value: str) -> str:
    """Return a text that reads as it is, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(plain(value).split()))


def code(value: str) -> str:
    """Return a text as code, on one line, fit for a table too; empty for nothing."""
    line = " ".join(plain(value).split()).replace("|", r"\|")
    if not line:
        return ""
    fence = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
