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
_KINDS = {"whole number": ("int", "long")}  # for formats that do not say how wide theirs are
_COMMA = re.compile(r",\s*")


def says(text: str, word: str) -> bool:
    """Tell whether a text has a word, or another word for the same type; whole words, in any case.

    "whole number" stands for int and long alike.
    """
    types = (word, *_KINDS.get(word, ()))
    names = [_spaced(name) for one in types for name in (one, *_OTHERS.get(one, ()))]
    return bool(_whole(*names).search(_spaced(text)))


def canonical(name: str) -> str:
    """Return the name of a type in Iceberg's words."""
    for word, others in _OTHERS.items():
        name = _whole(*others).sub(word, name)
    return _spaced(name)


def _spaced(text: str) -> str:
    return _COMMA.sub(", ", text)


def _whole(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
