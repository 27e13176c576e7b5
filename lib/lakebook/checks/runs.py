"""Deciders about the runs of an ingestion."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import equal, holds, shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.lake.http import Answer
    from lakebook.lake.ingestion import Ingestion, Run
    from lakebook.lake.source import Landed


def created(ingestion: Ingestion, got: Answer) -> Decision:
    """Hold where creation answered 201 with a draft that says all that was sent, and GET returns the same."""
    created = ingestion.created
    lost = _lost(ingestion.sent, created.body)
    return Decision(
        (created.status, created.body.get("status"), got.status) == (201, "draft", 200)
        and not lost
        and got.body == created.body,
        {"creation": 201, "status": "draft", "changed or lost of what was sent": [], "GET": [200, "the same"]},
        {
            "creation": created.status,
            "status": created.body.get("status"),
            "changed or lost of what was sent": lost,
            "GET": [got.status, _differences(created.body, got.body)],
        },
        created.request,
        "compare the request and the answers to POST and GET field by field",
    )


def _lost(sent: Any, answered: Any, place: str = "") -> list[str]:
    """Return the fields of a request that an answer lacks, or has otherwise."""
    if not isinstance(sent, dict):
        return [] if sent == answered else [place]
    inner = answered if isinstance(answered, dict) else {}
    return [name for key, value in sent.items() for name in _lost(value, inner.get(key), f"{place}.{key}".lstrip("."))]


def _differences(expected: Any, got: Any) -> Any:
    if expected == got:
        return "the same"
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return shown(got)
    return {key: shown(got.get(key)) for key in expected.keys() | got.keys() if expected.get(key) != got.get(key)}


def accepted_and_succeeded(accepted: Answer, run: Run) -> Decision:
    """Hold where the trigger answered 202 with a run id, and that run ended in success."""
    got_id = accepted.body.get("run_id") if isinstance(accepted.body, dict) else None
    return Decision(
        accepted.status == 202 and got_id == run.id and run.status == "success",
        {"trigger": 202, "run": "has an id", "ended": "success"},
        {"trigger": accepted.status, "run": got_id, "ended": run.status, "errors": shown(run.errors)},
        accepted.request,
        "read the run's errors, then the ingestion service's log",
    )


def counted(run: Run, landed: Landed) -> Decision:
    """Hold where a run's metrics equal what was uploaded, without an error, and it says when it began and ended."""
    expected = {
        "files_processed": landed.files,
        "records_ingested": landed.records,
        "bytes_read": landed.bytes,
        "error_count": 0,
        "errors": [],
        "times": "started, then ended",
    }
    got = {
        "files_processed": run.metrics.files_processed,
        "records_ingested": run.metrics.records_ingested,
        "bytes_read": run.metrics.bytes_read,
        "error_count": run.metrics.error_count,
        "errors": shown(run.errors),
        "times": "started, then ended" if _in_order(run) else f"started {run.started_at}, ended {run.ended_at}",
    }
    return equal(expected, got, where=f"run {run.id}", todo="compare the run's files with the source's listing")


def _in_order(run: Run) -> bool:
    try:
        return datetime.fromisoformat(str(run.started_at)) <= datetime.fromisoformat(str(run.ended_at))
    except (ValueError, TypeError):  # absent, not ISO 8601, or one of them without its zone
        return False


def in_history(history: Sequence[Run], got: Run, run: Run, *, earlier: Sequence[Run] = ()) -> Decision:
    """Hold where the history is the run, then the `earlier` ones, newest first, and GET of the run gives it again.

    Each must be as it was last polled. `got` is the answer to GET of the run.
    """
    expected = [_line(one) for one in (run, *earlier)]
    same = [one.model_dump() for one in history] == [one.model_dump() for one in (run, *earlier)]
    listed = [_line(one) for one in history]
    return Decision(
        same and got == run,
        {"history": expected, "GET": _line(run)},
        {"history": listed if same or listed != expected else shown(list(history)), "GET": shown(got)},
        f"run {run.id}",
        "compare the history, field by field, with what the last poll of each run said",
    )


def _line(run: Run) -> str:
    return f"{run.id} {run.status}, {run.metrics.files_processed} files, ended {run.ended_at}"


def only_new(run: Run, landed: Landed) -> Decision:
    """Hold where a run succeeded and processed exactly what landed since the run before."""
    got = {"status": run.status, "files": run.metrics.files_processed, "records": run.metrics.records_ingested}
    return equal(
        {"status": "success", "files": landed.files, "records": landed.records},
        {**got, **_why(run)},
        where=f"run {run.id}",
        todo="the service's list of processed files is lost or not consulted",
    )


def did_nothing(run: Run, *, before: int | None, after: int | None) -> Decision:
    """Hold where a run succeeded with 0 files, and the table's snapshot is the same as before."""
    return holds(
        run.status == "success" and run.metrics.files_processed == 0 and before is not None and before == after,
        expected=f"success, 0 files, still snapshot {before}",
        got={"status": run.status, "files": run.metrics.files_processed, "snapshot": str(after)},
        where=f"run {run.id}",
        todo="a commit without files grows the table's metadata at every schedule",
    )


def told_of_change(
    run: Run, paths: Sequence[str], new: Landed | None = None, *, same_bytes: Sequence[str] = ()
) -> Decision:
    """Hold where a run says of the files at `paths`, and of no others, that they changed, and loads just the new ones.

    Those at `same_bytes` were overwritten with what they had; whether that is a change is the service's to say.
    """
    files, records = (new.files, new.records) if new else (0, 0)
    expected = {"told as changed": sorted(paths), "files": files, "records": records}
    told = [str(error.get("file")) for error in run.errors if _tells_of_change(error)]
    got = {
        "told as changed": sorted(path for path in told if path not in same_bytes),
        "files": run.metrics.files_processed,
        "records": run.metrics.records_ingested,
    }
    todo = "by what does the service know a file: its name, its size, its time, its etag?"
    return Decision(bool(paths) and expected == got, expected, got, f"run {run.id}", todo)


def _tells_of_change(error: dict[str, Any]) -> bool:
    return "chang" in f"{error.get('error_type')} {_message(error)}".lower()


def complete(run: Run, landed: Landed, *, at_least_files: int = 0, at_least_records: int = 0) -> Decision:
    """Hold where one run loaded everything that landed: each file, each record, each byte.

    Where less landed than it takes to meet a limit, `at_least_files` or `at_least_records`, nothing is decided.
    """
    enough = landed.files >= at_least_files and landed.records >= at_least_records
    expected = {"status": "success", "files": landed.files, "records": landed.records, "bytes": landed.bytes}
    got = {
        "status": run.status,
        "files": run.metrics.files_processed,
        "records": run.metrics.records_ingested,
        "bytes": run.metrics.bytes_read,
        **_why(run),
    }
    decided = equal(expected, got, where=f"run {run.id}", todo="is there a limit of files a run, or of rows a file?")
    return (
        decided
        if enough or not decided.ok
        else replace(decided, ok=None, todo=_too_few(at_least_files, at_least_records))
    )


def _too_few(files: int, records: int) -> str:
    return f"too little landed to meet a limit: run it with {files} files and {records:,} records, or more"


def failed_alone(run: Run, path: str, line: int, good: Landed) -> Decision:
    """Hold where a run is partial: it loaded the good files, and its one error names the bad file and the line."""
    expected = {
        "status": "partial",
        "files": good.files,
        "records": good.records,
        "errors in": [path],
        "line that the error names": line,
    }
    messages = _messages(run)
    named = any(re.search(rf"\bline:? {line}\b", message) for message in messages)
    got = {
        "status": run.status,
        "files": run.metrics.files_processed,
        "records": run.metrics.records_ingested,
        "errors in": [str(error.get("file")) for error in run.errors],
        "line that the error names": line if named else messages,
    }
    return equal(expected, got, where=f"run {run.id}", todo="an operator mends a file with the line, not without")


def retried(run: Run, failed: Run, mended: Landed) -> Decision:
    """Hold where the retry of a failed run is a run of its own, says so, and loaded just what was mended."""
    expected = {"run": "a new one", "trigger": "retry", "status": "success"}
    got = {"run": "a new one" if run.id != failed.id else run.id, "trigger": run.trigger, "status": run.status}
    return equal(
        {**expected, "files": mended.files, "records": mended.records, "errors": []},
        {
            **got,
            "files": run.metrics.files_processed,
            "records": run.metrics.records_ingested,
            "errors": _messages(run),
        },
        where=f"run {run.id}, retry of {failed.id}",
        todo="which files did the failed run plan, and which of them were loaded since?",
    )


def told(run: Run) -> list[str]:
    """Return the errors of a run, each with its type and its message."""
    return [f"{error.get('error_type')}: {_message(error)}" for error in run.errors]


def _why(run: Run) -> dict[str, list[str]]:
    """Return the errors of a run that did not succeed."""
    return {} if run.status == "success" else {"errors": told(run)}


def _message(error: dict[str, Any]) -> str:
    return str(error.get("message"))


def _messages(run: Run) -> list[str]:
    return [_message(error) for error in run.errors]
