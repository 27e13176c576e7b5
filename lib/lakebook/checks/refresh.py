"""Deciders about a refresh: what it announces, and what it leaves alone. Source: the ingestion API, Refresh."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from lakebook.lake.http import Answer
    from lakebook.lake.ingestion import IngestionState, Run

_BYTES_PER_GB = 1_000_000_000


def previews(answer: Answer, *, operations: int, files: int, bytes_: int, skipped: int) -> Decision:
    """Hold where a dry run says so, announces its operations and how to go on, and counts what lies in the source.

    `files` of `bytes_` bytes are to be processed, `skipped` files not. A service that states bytes must state them
    exactly; one that states GB alone, as the API does, may round them to the digits that it states.
    """
    body = answer.body if isinstance(answer.body, dict) else {}
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
    return Decision(answer.status == 202 and expected == got, expected, got, answer.request, "compare with the source")


def _size(gigabytes: Any, expected: int, stated: Any) -> str:
    if isinstance(stated, int) and stated != expected:
        return f"{stated:,} bytes"
    if not isinstance(gigabytes, int | float):
        return f"{gigabytes} GB"
    said = Decimal(str(gigabytes))
    last_digit = Decimal(1).scaleb(int(said.as_tuple().exponent))
    close = abs(said - Decimal(expected) / _BYTES_PER_GB) <= last_digit / 2
    return f"{expected:,} bytes" if close else f"{gigabytes} GB"


def untouched(before: IngestionState, after: IngestionState, next_run: Run) -> Decision:
    """Hold where table, snapshot, rows and history are the same, and a run triggered afterwards finds nothing new."""
    return Decision(
        before == after and next_run.status == "success" and next_run.metrics.files_processed == 0,
        {**shown(before), "files of the next run": 0},
        {**shown(after), "files of the next run": next_run.metrics.files_processed},
        todo="the dry run went on into the real operations",
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
