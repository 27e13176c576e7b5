"""Deciders about requests that must be refused: with the right status, and a body that a client understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.http import Answer

_GOOD = "good"
_MUST_BE_TRIED = (_GOOD, "none", "wrong", "expired")
_ERROR_BODY = "Iceberg error body"


def unauthenticated(answers: Mapping[str, Sequence[Answer]]) -> Decision:
    """Hold where a good token is taken, and every other gets 401 with an Iceberg error body, for the same requests.

    `answers` are those to each kind of token: "good", "none", "wrong", "expired", and others that are not good. Without
    one of these it is undecided.
    """
    every = [(kind, answer) for kind, some in answers.items() for answer in some]
    expected = {_name(kind, one): "taken" if kind == _GOOD else wanted(401) for kind, one in every}
    got = {_name(kind, one): _taken(one) if kind == _GOOD else said(one) for kind, one in every}
    untried = [kind for kind in _MUST_BE_TRIED if not answers.get(kind)]
    ok = expected == got
    todo = "a catalog must ask who is there before it looks at anything else"
    expected |= {f"{kind} token": "tried" for kind in untried}
    got |= {f"{kind} token": "not tried: the profile has none" for kind in untried}
    return Decision(None if ok and untried else ok, expected, got, todo=todo)


def forbidden(answers: Sequence[Answer], *, hidden: bool = False) -> Decision:
    """Hold where each request was refused with 403 and an Iceberg error body; where `hidden`, 404 will do as well."""
    statuses = (403, 404) if hidden else (403,)
    expected = {answer.request: " or ".join(map(wanted, statuses)) for answer in answers}
    got = {answer.request: said(answer) for answer in answers}
    ok = all(said(answer) in map(wanted, statuses) for answer in answers)
    return Decision(ok if answers else None, expected, got, todo="the principal is known, and has no such grant")


def said(answer: Answer) -> str:
    """Return an answer's status, and whether its body is the specification's ErrorModel with that very status.

    Source: Iceberg REST specification, IcebergErrorResponse: message, type and code are required.
    """
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return f"{answer.status}, no error body"
    missing = [name for name in ("message", "type", "code") if not error.get(name)]
    if missing:
        return f"{answer.status}, an error body without {', '.join(missing)}"
    if error["code"] != answer.status:
        return f"{answer.status}, an error body that says {error['code']}"
    return wanted(answer.status)


def wanted(status: int) -> str:
    """Return what `said` returns of a refusal with this status that is as it must be."""
    return f"{status}, {_ERROR_BODY}"


def _taken(answer: Answer) -> str:
    return "taken" if 200 <= answer.status < 300 else said(answer)


def _name(kind: str, answer: Answer) -> str:
    return f"{kind} token: {answer.request}"
