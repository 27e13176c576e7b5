"""Writes the reports of a run: one page a scenario, the index that opens into them, and summaries for CI."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook import portable, project, secret
from lakebook.report import index_page, junit, scenario_page, summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakebook.report.trace import Line
    from lakebook.run.execute import Result
    from lakebook.run.results import Run

INDEX, SUMMARY, JUNIT = "index.html", "summary.md", "junit.xml"


def scenario(result: Result, executed: Path, folder: Path) -> Result:
    """Write the report of one scenario; return its result, which names the report and the notebook from `folder`.

    A notebook that is missing or broken gives a page with the reason alone. Safe to call from several threads.
    """
    file = folder / result.profile / result.workflow / f"{result.scenario}.html"
    _write(file, scenario_page.render(result, executed), folder)
    notebook = executed.relative_to(folder).as_posix() if executed.exists() else ""
    return replace(result, report=file.relative_to(folder).as_posix(), notebook=notebook)


def index(run: Run, folder: Path, traced: Sequence[Line] = ()) -> Path:
    """Write the index of a run, and beside it what CI reads: summary.md and junit.xml. Return the index.

    `traced` is what is known of each requirement of the workbook.
    """
    _write(folder / SUMMARY, summary.render(run), folder)
    _write(folder / JUNIT, junit.render(run), folder)
    return _write(folder / INDEX, index_page.render(run, traced), folder)


def page(html: str, file: Path) -> Path:
    """Write a page that stands alone; return its file. Raises LakebookError where it cannot be written."""
    try:
        return _write(file, html, file.parent)
    except OSError as error:
        raise project.unwritable(file, error) from None


def _write(file: Path, content: str, folder: Path) -> Path:
    """Write a file whole or not at all, without secrets and without the paths of this machine."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(portable.text(secret.redact(content), folder), encoding="utf-8", errors="replace")
    return partial.rename(file)
