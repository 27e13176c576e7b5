"""Runs as a service tells them, written by hand."""

from lakebook.lake.ingestion import Metrics, Run


def a_run(**changes):
    """Return a run that succeeded with nothing to do, but for the changes; those of its metrics may stand beside."""
    metrics = {name: changes.pop(name, 0) for name in Metrics.model_fields}
    values = {
        "id": "r1",
        "ingestion_id": "i1",
        "status": "success",
        "trigger": "manual",
        "started_at": "2026-01-01T00:00:00Z",
        "ended_at": "2026-01-01T00:00:01Z",
        "metrics": metrics,
        "errors": [],
    }
    return Run.model_validate(values | changes)


def an_error(file, error_type, message):
    """Return an error of a run."""
    return {"file": file, "error_type": error_type, "message": message, "timestamp": "2026-01-01T00:00:00Z"}
