"""Iceberg's names of types, and what engines and services call them."""

from __future__ import annotations

import re

_OTHERS = {
    "boolean": ("bool",),
    "int": ("integer", "int32"),
    "long": ("bigint", "int64"),
    "float": ("real", "float32"),
    "double": ("float64",),
    "string": ("text", "varchar", "utf8"),
    "list": ("array",),
    "struct": ("object",),
}


def says(text: str, word: str) -> bool:
    """Tell whether a text has a word, or another word for the same type; whole words, in any case."""
    return bool(_whole(word, *_OTHERS.get(word, ())).search(text))


def canonical(name: str) -> str:
    """Return the name of a type in Iceberg's words."""
    for word, others in _OTHERS.items():
        name = _whole(*others).sub(word, name)
    return re.sub(r",\s*", ", ", name)


def _whole(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
