"""Deciders about what an ingestion service says of a user's mistake: the cause by its name, and where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lakebook.checks import runs
from lakebook.checks.plain import shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.lake.http import Answer
    from lakebook.lake.ingestion import Run


# Under these an answer says what is wrong. What else stands in it, such as FastAPI's `input`, may be what was sent.
_SAYING = frozenset(
    {"detail", "details", "error", "errors", "field", "fields", "loc", "message", "messages", "msg", "param", "path"}
    | {"reason", "title"}
)


def refused(answer: Answer, *, names: str) -> Decision:
    """Hold where a request was refused with 4xx, and the answer names the field, or the id, that was wrong.

    An answer that only repeats the request does not name it.
    """
    said = "\n".join(_said(answer.body))
    named = re.search(rf"(?<![\w-]){re.escape(names)}(?![\w-])", said) is not None
    return Decision(
        400 <= answer.status < 500 and named,
        {"status": "4xx", "names": names},
        {"status": _hundreds(answer.status), "names": names if named else shown(answer.body)},
        f"{answer.request}, answered with {answer.status}",
        "who sent the request must learn what to change in it",
    )


def _said(body: Any) -> Iterator[str]:
    """Yield the texts in which an answer says what is wrong; a dict of errors has them by the field's name."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for item in body:
            yield from _said(item)
    elif isinstance(body, dict):
        for key in _SAYING & body.keys():
            yield from _said(body[key])
        if isinstance(by_field := body.get("errors"), dict):
            yield from by_field


def _hundreds(status: int) -> str:
    return f"{status // 100}xx"


def failed_for(run: Run, *, cause: str, address: str, rows: int) -> Decision:
    """Hold where a run failed, one of its errors names the cause and its address, and the table has no row.

    `address` is a text that must stand in the error's message: an endpoint, a bucket, a name. `cause` is a regular
    expression, whatever the case, for what else its type or message must say. `rows` are those that the table has now.
    """
    told = runs.told(run)
    telling = [text for text in told if address in text and re.search(cause, text.replace(address, ""), re.IGNORECASE)]
    expected = {"status": "failed", "files": 0, "rows": 0, "an error names": f"{address}, and {cause}"}
    got = {
        "status": run.status,
        "files": run.metrics.files_processed,
        "rows": rows,
        "an error names": expected["an error names"] if telling else told,
    }
    where = f"run {run.id}, which said: {'; '.join(told) or 'nothing'}"
    return Decision(expected == got, expected, got, where, "would you know from this error what to mend?")
