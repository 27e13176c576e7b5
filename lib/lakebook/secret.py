"""Secrets of this process, and how they are taken out of everything that is written.

A stack's keys and tokens are known from its state; those that a catalog vends at run time are added as they come.
The process that executes a notebook and the kernel share them through a private file (LAKEBOOK_SECRETS), so that
outputs are clean before they reach the disk.
"""

from __future__ import annotations

import html
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ahocorasick_rs import AhoCorasick

VARIABLE = "LAKEBOOK_SECRETS"
MASK = "[secret]"
_LONG = 50_000  # characters, from which on it pays to build the finder
_SHORTEST = 8  # a shorter value is a word that may stand anywhere
_SIGNATURE = re.compile(r"(?<=[?&;]sig=)[\w%+/=.~-]+")  # of Azure, by which an address opens what it names
_known: set[str] = set()
_read_until = 0


def _shared() -> Path | None:
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def remember(values: Iterable[str]) -> None:
    """Take these values out of everything that is written from now on, here and in the process that executes."""
    new = {value for value in values if len(value) >= _SHORTEST} - _known
    _known.update(new)
    file = _shared()
    if new and file:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(value) + "\n" for value in sorted(new))


def _refresh() -> None:
    global _read_until  # noqa: PLW0603 - how far this process has read the shared file
    file = _shared()
    if file is None or not file.exists() or file.stat().st_size <= _read_until:
        return
    with file.open("rb") as lines:
        lines.seek(_read_until)
        whole, newline, _unfinished = lines.read().rpartition(b"\n")
    _known.update(json.loads(line) for line in whole.splitlines())
    _read_until += len(whole + newline)


def redact(text: str) -> str:
    """Return a text with every known secret masked, also where JSON, HTML or a URL has escaped it.

    Nor is the signature of an address of Azure's shown: nobody need have seen it before it stands in an error.
    """
    _refresh()
    text = _SIGNATURE.sub(MASK, text)
    if len(text) >= _LONG:
        return _redact_long(text)
    for form in _forms(len(_known)):
        if form in text:
            text = text.replace(form, MASK)
    return text


def _redact_long(text: str) -> str:
    """Look for all of them at once: a log has megabytes, and a run thousands of keys."""
    sound = text.encode(errors="replace").decode() if not text.isascii() else text  # no half of a character
    parts, end = [], 0
    for _, start, stop in _finder(len(_known)).find_matches_as_indexes(sound):
        parts += [sound[end:start], MASK]
        end = stop
    return "".join([*parts, sound[end:]])


@lru_cache(maxsize=1)
def _finder(count: int) -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415 - only whoever writes long texts needs it

    return AhoCorasick(_forms(count), matchkind=MatchKind.LeftmostLongest)


@lru_cache(maxsize=1)
def _forms(_count: int) -> tuple[str, ...]:
    """Return how each of the `_count` known secrets may be written, the longest first; none is ever forgotten."""
    every = frozenset(_known)  # another thread may add to it
    return tuple(sorted({form for value in every for form in _spellings(value)}, key=len, reverse=True))


def _spellings(value: str) -> set[str]:
    in_html = html.escape(value)
    in_jinja = in_html.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    return {value, json.dumps(value)[1:-1], _percent(value), in_html, in_jinja, html.escape(value, quote=False)}


def known() -> frozenset[str]:
    """Return every secret that this process knows: to search for them, and for nothing else."""
    _refresh()
    return frozenset(_known)


def _percent(value: str) -> str:
    return "".join(c if c.isalnum() or c in "-._~" else "".join(f"%{byte:02X}" for byte in c.encode()) for c in value)


def clean(value: Any) -> Any:
    """Return a JSON value with every known secret masked, keys included."""
    match value:
        case str():
            return redact(value)
        case dict():
            return {redact(str(key)): clean(item) for key, item in value.items()}
        case list() | tuple():
            return [clean(item) for item in value]
    return value
