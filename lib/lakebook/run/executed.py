"""What an executed notebook tells, a partial one too: which cell made a check, which raised, which never ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

from lakebook.run import scenario

if TYPE_CHECKING:
    from pathlib import Path

_NOT_BEGUN, _ENDED, _RAISED = "pending", "completed", "failed"  # papermill's words


def cells(executed: Path) -> list[Any]:
    """Return the code cells of an executed notebook; none where it was not written."""
    if not executed.exists():
        return []
    return [cell for cell in nbformat.read(executed, as_version=4).cells if cell.cell_type == "code"]


def cells_of_checks(executed: Path) -> dict[int, str]:
    """Return the id of the cell that made each check, by the check's number."""
    return {
        output.metadata["lakebook"]["check"]: cell.get("id", "")
        for cell in cells(executed)
        for output in cell.outputs
        if "lakebook" in output.get("metadata", {})
    }


def cell_that_raised(executed: Path) -> str:
    """Return the id of the cell that raised; empty where none did."""
    raised = [cell for cell in cells(executed) if any(output.output_type == "error" for output in cell.outputs)]
    return str(raised[0].get("id", "")) if raised else ""


def not_ended(executed: Path, *, cut_short: bool) -> set[str]:
    """Return the requirements that are named by a cell which did not run to its end.

    `cut_short` says that the execution broke off. Then, unless a cell raised, the last cell that was begun is the one
    it broke off in: papermill calls it completed where its kernel died, or its time was over.
    """
    code = cells(executed)
    statuses = [cell.metadata.get("papermill", {}).get("status") for cell in code]
    begun = [number for number, status in enumerate(statuses) if status not in (None, _NOT_BEGUN)]
    if cut_short and begun and _RAISED not in statuses:
        statuses[begun[-1]] = _RAISED
    open_cells = [cell for cell, status in zip(code, statuses, strict=True) if status != _ENDED]
    return {identifier for cell in open_cells for identifier in scenario.named(cell.source)}
