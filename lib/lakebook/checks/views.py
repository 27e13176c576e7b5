"""The decider about views in a catalog: the query that was given, under the identity that it had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.http import Answer


def shows(told: Mapping[str, Answer], queries: Sequence[str]) -> Decision:
    """Hold where each answer shows the view with the newest of some queries, the older ones in its history, one uuid.

    `queries` are those that it was given, oldest first. A catalog may forget old versions, but not before the newest.
    Source: Iceberg view specification: versions, current-version-id, version-log.
    """
    expected = {what: {"query": queries[-1], "others": "of its history", "uuid": "one"} for what in told}
    shown = {what: _shown(answer, queries) for what, answer in told.items()}
    uuids = {str(one.get("uuid") or "") for one in shown.values()}
    got = {
        what: {**one, "uuid": "one" if len(uuids) == 1 and all(uuids) else one.get("uuid")}
        for what, one in shown.items()
    }
    return Decision(expected == got if told else None, expected, got, todo="a query is all that a view is")


def query(answer: Answer) -> str:
    """Return the text of a view's current query; empty where the answer shows none."""
    metadata = _metadata(answer)
    current = metadata.get("current-version-id")
    return next((text for number, text in _queries(metadata) if number == current), "")


def uuid(answer: Answer) -> str:
    """Return a view's identity; empty where the answer shows none."""
    return str(_metadata(answer).get("view-uuid") or "")


def _shown(answer: Answer, queries: Sequence[str]) -> dict[str, Any]:
    metadata = _metadata(answer)
    if answer.status != 200 or not metadata:
        return {"answer": f"{answer.status} {answer.body!r:.200}"}
    others = [text for _, text in _queries(metadata) if text not in queries]
    return {"query": query(answer), "others": others or "of its history", "uuid": metadata.get("view-uuid")}


def _queries(metadata: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [
        (version.get("version-id"), str(one.get("sql")))
        for version in metadata.get("versions") or ()
        for one in version.get("representations") or ()
    ]


def _metadata(answer: Answer) -> Mapping[str, Any]:
    body = answer.body if isinstance(answer.body, dict) else {}
    metadata = body.get("metadata")
    return metadata if isinstance(metadata, dict) else {}
