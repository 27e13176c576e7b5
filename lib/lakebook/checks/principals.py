"""Deciders about principals: each sees, and is given, what its grants say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lakebook.lake.http import Answer


def sees(listed: Mapping[str, Collection[str]], granted: Mapping[str, Collection[str]]) -> Decision:
    """Hold where each principal was shown exactly the namespaces of this scenario that its grants say.

    `listed` are those that each was shown, `granted` those that it may see. Less than two principals, or one without a
    grant, leave it undecided: who may see nothing proves nothing.
    """
    expected = {principal: sorted(names) for principal, names in granted.items()}
    got = {principal: sorted(listed.get(principal, ())) for principal in granted}
    decidable = len(granted) > 1 and all(granted.values())
    todo = "a listing must be cut to what the principal may see: names alone can tell too much"
    return Decision(expected == got if decidable else None, expected, got, todo=todo)


def served(answers: Sequence[Answer]) -> Decision:
    """Hold where a principal got each thing that its own grants cover."""
    expected = dict.fromkeys((answer.request for answer in answers), "200")
    got = {answer.request: str(answer.status) for answer in answers}
    return Decision(expected == got if answers else None, expected, got, todo="look at the grants of this principal")
