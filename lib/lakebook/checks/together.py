"""Deciders about runs that were under way at the same moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.checks.plain import equal
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.faults import Exchange
    from lakebook.lake.ingestion import Run
    from lakebook.lake.source import Landed

_CONFLICT = 409


def each_file_once(runs: Sequence[Run], landed: Landed) -> Decision:
    """Hold where two or more runs of one ingestion all succeeded, and together loaded each file once."""
    expected = {
        "runs": "2 or more",
        "of ingestions": 1,
        "ended": ["success"],
        "files, all runs together": landed.files,
        "records, all runs together": landed.records,
    }
    got = {
        "runs": "2 or more" if len({run.id for run in runs}) > 1 else len(runs),
        "of ingestions": len({run.ingestion_id for run in runs}),
        "ended": sorted({run.status for run in runs}),
        "files, all runs together": sum(run.metrics.files_processed for run in runs),
        "records, all runs together": sum(run.metrics.records_ingested for run in runs),
    }
    return equal(expected, got, where=_named(runs), todo="which files did each run take? compare with its errors")


def all_succeeded(runs: Sequence[Run], landed: Sequence[Landed]) -> Decision:
    """Hold where several runs, each of another ingestion, all succeeded, each with what landed for it."""
    expected = [{"status": "success", "files": one.files, "records": one.records, "errors": []} for one in landed]
    got = [
        {
            "status": run.status,
            "files": run.metrics.files_processed,
            "records": run.metrics.records_ingested,
            "errors": [str(error.get("message")) for error in run.errors],
        }
        for run in runs
    ]
    several = len({run.ingestion_id for run in runs}) == len(runs) > 1
    return Decision(
        several and expected == got,
        expected,
        got if several else f"{len(runs)} runs of {len({run.ingestion_id for run in runs})} ingestions",
        _named(runs),
        "what do the runs share: a lock, a file, a session, a commit that conflicts?",
    )


def overtaken_and_succeeded(runs: Sequence[Run], landed: Sequence[Landed], exchanges: Sequence[Exchange]) -> Decision:
    """Hold where `all_succeeded` does, though one run's commit was held while another's went by, and got 409 for it.

    `exchanges` is the record of the proxy in front of the catalog. Where it shows no such commit, runs that succeeded
    together prove little, and nothing is decided.
    """
    decided = all_succeeded(runs, landed)
    held = [one.upstream for one in exchanges if one.fault == "held"]
    refused = _CONFLICT if _CONFLICT in held else held
    return replace(
        decided,
        ok=None if decided.ok and refused != _CONFLICT else decided.ok,
        expected={"the commit that was held": _CONFLICT, "runs": decided.expected},
        got={"the commit that was held": refused, "runs": decided.got},
    )


def _named(runs: Sequence[Run]) -> str:
    return f"runs {', '.join(run.id for run in runs) or 'none'}"
