"""Deciders about namespaces: those in others, and what a listing shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.checks import answers, refusals
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lakebook.lake.http import Answer

Levels = tuple[str, ...]


def nested(made: Mapping[Levels, Answer], *, nests: bool) -> Decision:
    """Hold where a catalog that `nests` made each namespace in another, and one that does not refused each cleanly."""
    done = {".".join(name): "200, made there" for name in made}
    expected = done if nests else dict.fromkeys(done, "4xx, Iceberg error body")
    got = {".".join(name): _made(name, one) if nests else _refused(one) for name, one in made.items()}
    todo = "a level that is lost on the way puts a team's tables on another shelf"
    return Decision(expected == got if made else None, expected, got, todo=todo)


def listed(listings: Mapping[Levels, Answer], held: Mapping[Levels, Collection[Levels]], *, prefix: str) -> Decision:
    """Hold where each listing, by the namespace that was asked for, shows exactly what it directly holds, each once.

    Of what others made, that is, names whose top does not begin with the prefix, nothing is said.
    """
    expected = {_place(name): sorted(".".join(one) for one in held[name]) for name in held}
    got = {
        _place(name): sorted(".".join(one) for one in answers.names(listings[name]) if one[0].startswith(prefix))
        for name in held
        if name in listings
    }
    return Decision(
        expected == got if any(held.values()) else None,
        expected,
        got,
        todo="a listing shows one level: the direct children of what was asked for",
    )


def _place(name: Levels) -> str:
    return f"in {'.'.join(name)}" if name else "at the top"


def _made(name: Levels, answer: Answer) -> str:
    there = isinstance(answer.body, dict) and answer.body.get("namespace") == [*name]
    return f"{answer.status}, {'made there' if there else f'made {answer.body!r:.200}'}"


def _refused(answer: Answer) -> str:
    said = refusals.said(answer) if answer.status >= 300 else f"{answer.status}, it was made"
    return "4xx, Iceberg error body" if 400 <= answer.status < 500 and said == refusals.wanted(answer.status) else said
