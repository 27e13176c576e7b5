"""Writes the reports of a run: one page a scenario, and the index that opens into them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook import portable, secret
from lakebook.report import index_page, scenario_page

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.run.execute import Result
    from lakebook.run.results import Run


def scenario(result: Result, executed: Path, folder: Path) -> Result:
    """Write the report of one scenario; return its result, which names the report and the notebook from `folder`.

    A notebook that is missing or broken gives a page with the reason alone. Safe to call from several threads.
    """
    file = folder / result.profile / result.workflow / f"{result.scenario}.html"
    _write(file, scenario_page.render(result, executed), folder)
    notebook = executed.relative_to(folder).as_posix() if executed.exists() else ""
    return replace(result, report=file.relative_to(folder).as_posix(), notebook=notebook)


def index(run: Run, folder: Path) -> Path:
    """Write the index of a run; return its file."""
    return _write(folder / "index.html", index_page.render(run), folder)


def _write(file: Path, html: str, folder: Path) -> Path:
    """Write a page whole or not at all, without secrets and without the paths of this machine."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(portable.text(secret.redact(html), folder), encoding="utf-8")
    return partial.rename(file)
