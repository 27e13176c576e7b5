"""Deciders about changes of a schema: who may make them, what is told about them, and what must not change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lakebook.checks import type_words
from lakebook.checks.plain import equal, holds
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakebook.lake.http import Answer
    from lakebook.lake.ingestion import Run
    from lakebook.lake.schema_changes import Appended, Attempt
    from lakebook.lake.table import TableVersion


def unchanged(before: TableVersion, after: TableVersion, *, attempted: str) -> Decision:
    """Hold where a table is in every respect what it was: identity, snapshots, fields, types, ids."""
    return holds(
        before == after,
        expected=f"the table as it was before: {attempted}",
        got="the same" if before == after else _differences(before, after),
        where=f"table {before.uuid}",
        todo="what was refused must not leave anything behind",
    )


def made(attempts: Sequence[Attempt]) -> Decision:
    """Hold where every change that was tried was done."""
    return Decision(
        bool(attempts) and all(one.outcome == "done" for one in attempts),
        {one.change: "done" for one in attempts},
        {one.change: f"{one.outcome}: {one.said}".removesuffix(": ") for one in attempts},
        todo="what the client was told is the cause of all that is missing below",
    )


def refused(attempts: Sequence[Attempt], before: TableVersion, after: TableVersion) -> Decision:
    """Hold where every attempt was refused for good, with a reason, and the table is what it was."""
    refused = [one for one in attempts if one.outcome == "refused" and one.said]
    return Decision(
        0 < len(refused) == len(attempts) and before == after,
        {**{one.change: "refused" for one in attempts}, "the table": "as it was"},
        {**{one.change: f"{one.outcome}: {one.said}" for one in attempts}, "the table": _differences(before, after)},
        f"table {before.uuid}",
        "a client that does not refuse it, or a catalog that takes it, breaks the reading of old files",
    )


def refused_by_catalog(answer: Answer, before: TableVersion, after: TableVersion) -> Decision:
    """Hold where the catalog itself refused a commit with 4xx and a reason, and the table is what it was."""
    error = _error(answer)
    return Decision(
        400 <= answer.status < 500 and bool(error.get("message")) and before == after,
        {"status": "4xx", "message": "the reason", "the table": "as it was"},
        {"status": answer.status, "message": error.get("message"), "the table": _differences(before, after)},
        answer.request,
        "not every client looks before it commits: the catalog is the last one that can refuse",
    )


def failed_by_policy(run: Run, before: TableVersion, after: TableVersion, *, fields: Iterable[str]) -> Decision:
    """Hold where a run failed as a whole, named every new field, and left the table as it was."""
    said = " ".join(str(error.get("message")) for error in run.errors)
    named = [name for name in fields if type_words.says(said, name)]
    return equal(
        {"status": "failed", "files": 0, "records": 0, "named": list(fields), "the table": "as it was"},
        {
            "status": run.status,
            "files": run.metrics.files_processed,
            "records": run.metrics.records_ingested,
            "named": named,
            "the table": _differences(before, after),
        },
        where=f"run {run.id}: {said}",
        todo="who chose `fail` wants to decide before anything is changed",
    )


def conflicts_named(run: Run, expected: Mapping[str, tuple[str, ...]], *, loaded: int = 0) -> Decision:
    """Hold where each of these files failed for its own conflict, and nothing else did.

    `expected` is, by path, what an error must name: the field, and where it has to tell them the type that its column
    has and the type that the file has. `loaded` files of the same run were good.
    """
    told = {path: _messages(run, path) for path in expected}
    wrong = {
        path: told[path] or "no error"
        for path, words in expected.items()
        if len(told[path]) != 1 or not words or not all(type_words.says(told[path][0], word) for word in words)
    }
    others = [error.get("file") for error in run.errors if error.get("file") not in expected]
    status = "partial" if loaded else "failed"
    return Decision(
        bool(expected) and not wrong and not others and (run.status, run.metrics.files_processed) == (status, loaded),
        {
            "status": status,
            "files loaded": loaded,
            "each named with": {path: ", ".join(words) for path, words in expected.items()},
        },
        {
            "status": run.status,
            "files loaded": run.metrics.files_processed,
            "told": told,
            **({"not told as expected": wrong} if wrong else {}),
            **({"errors of other files": others} if others else {}),
        },
        f"run {run.id}",
        "a value that does not fit must be neither lost nor made to fit",
    )


def all_added(
    attempts: Sequence[Attempt], before: TableVersion, after: TableVersion, *, columns: Sequence[str]
) -> Decision:
    """Hold where several clients each added a column of their own, and the table has them all beside the old ones."""
    done = Counter(one.client for one in attempts if one.outcome == "done")
    added = [name for i, name in after.fields.items() if i not in before.fields]
    kept = {i: after.fields.get(i) for i in before.fields} == before.fields
    return Decision(
        len(columns) > 1 and sorted(added) == sorted(columns) and kept and list(done.values()) == [1] * len(columns),
        {"added": sorted(columns), "clients that succeeded": len(columns), "old columns": "kept"},
        {
            "added": sorted(added),
            "clients that succeeded": len(done),
            "old columns": "kept" if kept else _differences(before, after),
            "lost races": sum(one.outcome == "conflict" for one in attempts),
            "otherwise": [one.said for one in attempts if one.outcome in {"refused", "failed"}],
        },
        f"table {after.uuid}",
        "a catalog that does not check what a commit asserts lets the last writer win: look for a lost column's id",
    )


def one_added(attempts: Sequence[Attempt], before: TableVersion, after: TableVersion, *, column: str) -> Decision:
    """Hold where of several clients that add the same column one succeeds, and all others are told that it exists."""
    last = {one.client: one for one in attempts}
    outcomes = Counter(one.outcome for one in last.values())
    added = [name for i, name in after.fields.items() if i not in before.fields]
    return Decision(
        len(last) > 1 and outcomes == {"done": 1, "refused": len(last) - 1} and added == [column],
        {"added": [column], "clients": {"done": 1, "refused": len(last) - 1}},
        {"added": added, "clients": dict(outcomes), "told": sorted({one.said for one in last.values() if one.said})},
        f"table {after.uuid}",
        "two who both believe that they added it write into different ids, or into one of different types",
    )


def stale_refused(stale: Answer, refreshed: Answer, after: TableVersion, *, columns: Sequence[str]) -> Decision:
    """Hold where a commit on an old schema got 409 and the reason, and went through on the new one.

    `columns` are those that the table must have in the end, last the one that came late.
    """
    error = _error(stale)
    reason = str(error.get("message"))
    added = [name for name in columns if name in after.columns]
    return Decision(
        (stale.status, error.get("type"), refreshed.status) == (409, "CommitFailedException", 200)
        and "schema" in reason.lower()
        and added == list(columns),
        {
            "stale": 409,
            "type": "CommitFailedException",
            "reason": "names the schema",
            "refreshed": 200,
            "columns": [*columns],
        },
        {
            "stale": stale.status,
            "type": error.get("type"),
            "reason": reason,
            "refreshed": refreshed.status,
            "columns": added,
        },
        stale.request,
        "a client that gets anything else does not know that loading the table again would help",
    )


def appends_settled(appended: Sequence[Appended]) -> Decision:
    """Hold where each append either went through or was refused with 409; all else leaves its client in the dark."""
    got = [f"{one.outcome}: {one.said}".removesuffix(": ") for one in appended]
    return holds(
        bool(appended) and all(one.outcome in {"done", "conflict"} for one in appended),
        expected="each done, or refused with 409",
        got=got,
        todo="read the catalog's log: an append asserts the table's snapshot, and no schema",
    )


def _messages(run: Run, path: str) -> list[str]:
    return [str(error.get("message")) for error in run.errors if error.get("file") == path]


def _error(answer: Answer) -> Mapping[str, object]:
    body = answer.body if isinstance(answer.body, dict) else {}
    error = body.get("error")
    return error if isinstance(error, dict) else {}


def _differences(before: TableVersion, after: TableVersion) -> object:
    """Return what of a table changed, or that nothing did."""
    if before == after:
        return "as it was"
    names = ("refusal", "uuid", "lineage", "columns", "fields", "last_column_id", "schemas")
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: f"{old} became {new}" for name, (old, new) in pairs.items() if old != new}
