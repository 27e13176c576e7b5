"""Deciders about runs that were under way at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import equal
from lakebook.checks.runs import told
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.faults import Exchange
    from lakebook.lake.ingestion import Run
    from lakebook.lake.schema_changes import Appended
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
    expected, got = [_loaded(one) for one in landed], [_told(run) for run in runs]
    several = len({run.ingestion_id for run in runs}) == len(runs) > 1
    return Decision(
        several and expected == got,
        expected,
        got if several else f"{len(runs)} runs of {len({run.ingestion_id for run in runs})} ingestions",
        _named(runs),
        "what do the runs share: a lock, a file, a session, a commit that conflicts?",
    )


def overtaken_and_succeeded(run: Run, landed: Landed, overtaking: Appended, exchanges: Sequence[Exchange]) -> Decision:
    """Hold where a run succeeded with what landed for it, though an append overtook its commit, which got 409 for it.

    `exchanges` is the record of the proxy at which the commit was held. Where it shows no 409, or the append was not
    done, a run that succeeded proves little, and nothing is decided.
    """
    held = [one.upstream for one in exchanges if one.fault == "held"]
    refused = _CONFLICT if _CONFLICT in held else held
    expected = {"overtaking append": "done", "commit that was held": _CONFLICT, "run": _loaded(landed)}
    got = {"overtaking append": overtaking.outcome, "commit that was held": refused, "run": _told(run)}
    succeeded = _told(run) == _loaded(landed)
    return Decision(
        (expected == got or None) if succeeded else False,
        expected,
        got,
        _named([run]),
        "a commit that lost its race is to be made again, on the table as it is now",
    )


def _loaded(landed: Landed) -> dict[str, Any]:
    return {"status": "success", "files": landed.files, "records": landed.records, "errors": []}


def _told(run: Run) -> dict[str, Any]:
    return {
        "status": run.status,
        "files": run.metrics.files_processed,
        "records": run.metrics.records_ingested,
        "errors": told(run),
    }


def _named(runs: Sequence[Run]) -> str:
    return f"runs {', '.join(run.id for run in runs) or 'none'}"
