"""Deciders about a refresh: what it announces, does, and leaves alone. Source: the ingestion API, Refresh."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import equal, shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.lake.http import Answer
    from lakebook.lake.ingestion import IngestionState, Run
    from lakebook.lake.source import Landed

OPERATIONS = {
    "full": ("table_dropped", "processed_files_cleared", "run_triggered"),
    "new-only": ("table_dropped", "run_triggered"),
}
_MODES = {"full": "full", "new-only": "new_only"}
_BUSY = (400, 409, 423, 429, 503)
_BYTES_PER_GB = 1_000_000_000
_TOO_COARSE = ", too coarse to compare"


def previews(answer: Answer, *, operations: int, files: int, bytes_: int, skipped: int) -> Decision:
    """Hold where a dry run says so, announces its operations and how to go on, and counts what lies in the source.

    `files` of `bytes_` bytes are to be processed, `skipped` files not. A service that states bytes must state them
    exactly; one that states GB alone, as the API does, may round them to the digits that it states: where nothing but
    zeros is left of them, it is undecided.
    """
    body = _body(answer)
    impact, steps = body.get("impact") or {}, body.get("next_steps") or {}
    expected = {
        "status": "dry_run",
        "operations announced": operations,
        "next steps": ["to_cancel", "to_proceed"],
        "files to process": files,
        "files skipped": skipped,
        "size": f"{bytes_:,} bytes",
        "run": None,
    }
    got = {
        "status": body.get("status"),
        "operations announced": len(body.get("would_perform") or []),
        "next steps": sorted(steps),
        "files to process": impact.get("files_to_process"),
        "files skipped": impact.get("files_skipped"),
        "size": _size(impact.get("estimated_data_size_gb"), bytes_, impact.get("bytes_to_process")),
        "run": body.get("run_id"),
    }
    ok = answer.status == 202 and _equal(expected, got)
    return Decision(ok, expected, got, answer.request, "compare with the source")


def _size(gigabytes: Any, expected: int, stated: Any) -> str:
    if isinstance(stated, int) and stated != expected:
        return f"{stated:,} bytes"
    if not isinstance(gigabytes, int | float):
        return f"{gigabytes} GB"
    said = Decimal(str(gigabytes))
    last_digit = Decimal(1).scaleb(int(said.as_tuple().exponent))
    close = abs(said - Decimal(expected) / _BYTES_PER_GB) <= last_digit / 2
    if close and not said and expected and not isinstance(stated, int):
        return f"{gigabytes} GB{_TOO_COARSE}"
    return f"{expected:,} bytes" if close else f"{gigabytes} GB"


def _equal(expected: dict[str, Any], got: dict[str, Any]) -> bool | None:
    """Tell whether all of it is equal; None where only the size is not, for it is stated too coarsely."""
    if str(got["size"]).endswith(_TOO_COARSE) and expected | {"size": None} == got | {"size": None}:
        return None
    return expected == got


def untouched(before: IngestionState, after: IngestionState, next_run: Run, runs: Sequence[Run]) -> Decision:
    """Hold where table, snapshot, rows and history are the same, and a run triggered afterwards finds nothing new.

    `runs` is the history once that run has ended: nothing but it may have come to those of `before`, for what was set
    off unseen shows late.
    """
    later = {"files of the next run": 0, "runs after it": [next_run.id, *before.runs]}
    got = {"files of the next run": next_run.metrics.files_processed, "runs after it": [run.id for run in runs]}
    return Decision(
        before == after and next_run.status == "success" and later == got,
        {**shown(before), **later},
        {**shown(after), **got},
        todo="the service went on into operations that must not happen: compare the two states",
    )


def refused(answer: Answer, *, names: str, before: IngestionState, after: IngestionState) -> Decision:
    """Hold where a refresh was refused with 422 and a message that names what is missing, and nothing moved."""
    named = names in str(answer.body)
    return Decision(
        answer.status == 422 and named and before == after,
        {"status": 422, "names": names, **shown(before)},
        {"status": answer.status, "names": names if named else shown(answer.body), **shown(after)},
        answer.request,
        "a destructive operation must not start without its confirmation",
    )


def performed(
    answer: Answer,
    mode: str,
    *,
    before: IngestionState,
    after: IngestionState,
    run: Run | None = None,
    again: bool = False,
) -> Decision:
    """Hold where a refresh, "full" or "new-only", says that each of its operations succeeded, and that is true.

    The table of `before` is gone in `after`, and the history has grown by the one run that the answer names: `run`,
    once it has ended. Without a run, as after `auto_run=False`, none was triggered, and the table is not made anew.
    Where it was asked for `again`, after one that broke off, it may say that dropping the table was skipped.
    """
    body = _body(answer)
    done = OPERATIONS[mode] if run else OPERATIONS[mode][:-1]
    skipped = {"table_dropped"} if again and "table_dropped: skipped" in _operations(body) else ()
    expected = {
        "answer": [202, "accepted", _MODES[mode]],
        "operations": [f"{name}: {'skipped' if name in skipped else 'success'}" for name in done],
        "run": run.id if run else None,
        "triggered by": f"refresh_{_MODES[mode]}" if run else None,
        "run history": [run.id, *before.runs] if run else list(before.runs),
        "table from before": "gone",
    }
    got = {
        "answer": [answer.status, body.get("status"), body.get("mode")],
        "operations": [line for line in _operations(body) if run or line != "run_triggered: skipped"],
        "run": body.get("run_id"),
        "triggered by": run.trigger if run else None,
        "run history": list(after.runs),
        "table from before": _fate(before, after, made_anew=run is not None),
    }
    return equal(expected, got, where=answer.request, todo="compare the operations with the catalog and the runs")


def _body(answer: Answer) -> dict[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _operations(body: dict[str, Any]) -> list[str]:
    """Return the operations of an answer in order, each with its status."""
    return [f"{entry.get('operation')}: {entry.get('status')}" for entry in body.get("operations") or []]


def _fate(before: IngestionState, after: IngestionState, *, made_anew: bool) -> str:
    if before.table_uuid is None:
        return "there was none"
    if before.table_uuid == after.table_uuid:
        return f"still there: {after.table_uuid}"
    return "gone" if made_anew or not after.rows else f"replaced by one with {after.rows} rows"


def processed(run: Run, landed: Landed | None) -> Decision:
    """Hold where a run succeeded and processed exactly what landed: none of the files where that is None."""
    files, records = (landed.files, landed.records) if landed else (0, 0)
    return equal(
        {"status": "success", "files": files, "records": records},
        {"status": run.status, "files": run.metrics.files_processed, "records": run.metrics.records_ingested},
        where=f"run {run.id}",
        todo="compare the service's list of processed files with the source's listing",
    )


def foretold(answer: Answer, run: Run, *, process: Landed | None, skip: Landed | None) -> Decision:
    """Hold where the impact of a refresh says what is to be processed and to be skipped, and the run does just that."""
    impact = _body(answer).get("impact") or {}
    files, bytes_ = (process.files, process.bytes) if process else (0, 0)
    expected = {
        "files to process": files,
        "files skipped": skip.files if skip else 0,
        "size": f"{bytes_:,} bytes",
        "files that the run processed": files,
        "bytes that the run read": f"{bytes_:,} bytes",
    }
    got = {
        "files to process": impact.get("files_to_process"),
        "files skipped": impact.get("files_skipped"),
        "size": _size(impact.get("estimated_data_size_gb"), bytes_, impact.get("bytes_to_process")),
        "files that the run processed": run.metrics.files_processed,
        "bytes that the run read": f"{run.metrics.bytes_read:,} bytes",
    }
    todo = "compare the impact, the source's listing and the run"
    return Decision(_equal(expected, got), expected, got, answer.request, todo)


def failure_told(answer: Answer, mode: str, *, failed: str, before: IngestionState, after: IngestionState) -> Decision:
    """Hold where a refresh says which operation failed, with its error and code, and that none came after it.

    Undecided where every operation succeeded, the table gone and the run there: the fault did not hit the refresh.
    """
    body = _body(answer)
    names, until = OPERATIONS[mode], OPERATIONS[mode].index(failed)
    broken: dict[str, Any] = next((one for one in body.get("operations") or [] if one.get("status") == "failed"), {})
    skipped = [f"{name}: skipped" for name in names[until + 1 :]]
    expected = {
        "answer": [202, "partial_failure"],
        "operations": [*(f"{name}: success" for name in names[:until]), f"{failed}: failed"],
        "error and code": "both said",
        "run": None,
        "run history": list(before.runs),
    }
    got = {
        "answer": [answer.status, body.get("status")],
        "operations": [line for line in _operations(body) if line not in skipped],
        "error and code": "both said" if broken.get("error") and broken.get("error_code") else shown(broken),
        "run": body.get("run_id"),
        "run history": list(after.runs),
    }
    dropped, began = _fate(before, after, made_anew=True) == "gone", set(after.runs) - set(before.runs)
    unhurt = not broken and body.get("status") == "accepted" and dropped and body.get("run_id") in began
    todo = "no operation failed: the fault came too late, or elsewhere" if unhurt else "read the service's log"
    return Decision(None if unhurt else expected == got, expected, got, answer.request, todo)


def refused_or_waited(answer: Answer, run: Run) -> Decision:
    """Hold where a refresh that was asked for during `run` was refused with a reason, or began when that had ended.

    The run itself, as it ended, must not have suffered.
    """
    begun = [str(one.get("timestamp")) for one in _body(answer).get("operations") or []]
    waited = answer.status == 202 and bool(begun) and all(_not_before(moment, run.ended_at) for moment in begun)
    refused = answer.status in _BUSY and bool(answer.body)
    return Decision(
        (refused or waited) and run.status == "success",
        {"refresh": "refused with a reason, or begun when the run had ended", "run": f"success, at {run.ended_at}"},
        {
            "refresh": [answer.status, f"begun at {', '.join(begun)}" if begun else shown(answer.body)],
            "run": f"{run.status}, at {run.ended_at}",
        },
        answer.request,
        "one piece of work at a time for an ingestion: a table must not be dropped under a run",
    )


def _not_before(moment: str, end: str | None) -> bool:
    try:
        return datetime.fromisoformat(moment) >= datetime.fromisoformat(str(end))
    except (ValueError, TypeError):  # absent, not ISO 8601, or one of them without its zone
        return False


def unknown_refused(answers: Sequence[Answer], identifier: str) -> Decision:
    """Hold where each of some requests for an ingestion that does not exist was refused, and its id was named."""
    return Decision(
        bool(answers) and all(one.status in (400, 404) and identifier in str(one.body) for one in answers),
        [{"request": one.request, "status": "400 or 404", "names": identifier} for one in answers],
        [{"request": one.request, "status": one.status, "says": shown(one.body)} for one in answers],
        todo="an operator who mistyped an id must read it in the answer",
    )
