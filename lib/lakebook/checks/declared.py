"""The decider about what a catalog declares: all of it is served as specified, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.checks import refusals
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lakebook.lake.http import Answer
    from lakebook.lake.operations import Operation

_REFUSED = "refused cleanly"


def as_declared(declared: Collection[str], answers: Mapping[str, Answer], operations: Iterable[Operation]) -> Decision:
    """Hold where each declared operation was served as specified, and each other that was asked was refused cleanly.

    Served: with its status, and the fields that its body must have. Refused cleanly: with 4xx or 501, and either an
    Iceberg error body or none at all. What is declared and was not asked is told; it decides nothing.
    """
    known = {one.declared: one for one in operations}
    expected = {name: _wanted(known[name]) if name in declared and name in known else _REFUSED for name in answers}
    got = {
        name: _served(one, known[name]) if name in declared and name in known else _told(one)
        for name, one in answers.items()
    }
    unasked = sorted(set(declared) - answers.keys())
    return Decision(
        expected == got if declared and answers else None,
        expected,
        got,
        f"declared, and not asked: {', '.join(unasked)}" if unasked else "",
        "a client believes the list: it asks for what is on it, and does without what is not",
    )


def _wanted(operation: Operation) -> str:
    has = f", with {', '.join(operation.fields)}" if operation.fields else ""
    return f"{' or '.join(map(str, operation.statuses))}{has}"


def _served(answer: Answer, operation: Operation) -> str:
    if answer.status not in operation.statuses:
        return f"{answer.status}: {answer.body!r:.200}"
    missing = [field for field in operation.fields if _field(answer.body, field) is None]
    return f"{answer.status}, without {', '.join(missing)}" if missing else _wanted(operation)


def _field(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _told(answer: Answer) -> str:
    clean = answer.body is None or refusals.said(answer) == refusals.wanted(answer.status)
    if (400 <= answer.status < 500 or answer.status == 501) and clean:
        return _REFUSED
    return f"{answer.status}: {answer.body!r:.200}"
