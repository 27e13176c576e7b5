"""Deciders about listings that come in pages: every name once, also while names come and go."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_TODO = "a page must begin where the last one ended by name, not by number: what else moves while names come and go?"


def each_once(pages: Sequence[Sequence[str]], names: Collection[str], *, size: int) -> Decision:
    """Hold where the pages together show each name once, and nothing else, in pages of at most `size` names.

    A catalog that has no pages shows all names on one. Source: Iceberg REST specification, listTables and the others:
    pageToken and pageSize. No name at all leaves it undecided.
    """
    expected = {"names": len(names), "missing": 0, "more than once": 0, "of nobody": 0, "pages too long": 0}
    got = _told(pages, names, (), size)
    return Decision(expected == got if names else None, expected, got, _shape(pages), _TODO)


def stable_once(
    pages: Sequence[Sequence[str]], stayed: Collection[str], changed: Collection[str], *, size: int
) -> Decision:
    """Hold where each name that was there all the while is shown once, and one that came or went at most once.

    A catalog that has no pages shows all at once. Where nothing stayed, or nothing changed, nothing is decided.
    """
    expected = {"names": len(stayed), "missing": 0, "more than once": 0, "of nobody": 0, "pages too long": 0}
    got = _told(pages, stayed, changed, size)
    decidable = stayed and changed
    ok = expected == got
    return Decision(ok if decidable or not ok else None, expected, got, _shape(pages), _TODO)


def _told(
    pages: Sequence[Sequence[str]], names: Collection[str], changed: Collection[str], size: int
) -> dict[str, Any]:
    seen = Counter(name for page in pages for name in page)
    missing = sorted(set(names) - seen.keys())
    twice = sorted(name for name, times in seen.items() if times > 1)
    others = sorted(seen.keys() - set(names) - set(changed))
    long = [len(page) for page in pages if len(page) > size and len(pages) > 1]
    return {
        "names": len(set(names) & seen.keys()),
        "missing": missing or 0,
        "more than once": twice or 0,
        "of nobody": others or 0,
        "pages too long": long or 0,
    }


def _shape(pages: Sequence[Sequence[str]]) -> str:
    return f"{len(pages)} pages of {', '.join(str(len(page)) for page in pages) or 'nothing'}"
