"""The start page: what it shows is what is there, in JupyterLab and wherever else a notebook is executed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import workbook

from lakebook.run import results
from lakebook.run.execute import Result
from lakebook.verdict import Check, Verdict

BIN = Path(sys.executable).parent


def ran(verdict):
    """Return a run of one scenario, with one check of this verdict."""
    check = Check("ING-04", verdict, expected=3, got=2)
    came = Result("green", "odd", "Green", "embedded", verdict, 1.0, "", "embedded/odd/green.html", "", "", {}, [check])
    profiles = [results.ProfileRun("embedded", "Nothing but Python")]
    return results.Run("2026-01-02T03:04:05Z", 1.0, "lakebook run", {}, profiles, [came])


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    shutil.copy(workbook.ROOT / "notebooks" / "start.ipynb", made.home / "notebooks")
    yield made
    made.end()


def executed(book):
    """Execute the start page with plain papermill; return what its cells show: HTML and text."""
    command = [BIN / "papermill", "notebooks/start.ipynb", "out.ipynb", "--cwd", "notebooks"]
    done = subprocess.run(command, cwd=book.home, env=book.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(book.home / "out.ipynb", as_version=4).cells
    shown = [output.data for cell in cells for output in cell.get("outputs", ())]
    return "\n".join(one["text/html"] for one in shown), "\n".join(one["text/plain"] for one in shown)


def test_it_shows_profiles_and_scenarios_as_links_and_says_how_to_begin(book):
    book.notebook("green", *workbook.GREEN)
    book.profile("broken", text="title: [")
    html, text = executed(book)
    assert '<a href="odd/green.ipynb">green</a>' in html
    assert "tinylake_catalog" in text
    assert "broken.yaml is not valid YAML" in text
    assert "not run yet  lakebook run" in text


def test_it_shows_the_verdicts_of_the_last_run_with_links_to_its_reports(book):
    folder = book.state / "runs" / "2026-01-02T03-04-05Z"
    folder.mkdir(parents=True)
    results.write(ran(Verdict.FAIL), folder)
    book.notebook("green", *workbook.GREEN)
    html, text = executed(book)
    assert '<a href="../.lakebook/runs/2026-01-02T03-04-05Z/index.html">report</a>' in html
    assert '<a href="../.lakebook/runs/2026-01-02T03-04-05Z/embedded/odd/green.html">report</a>' in html
    assert "✘ fail  odd/green on embedded  ING-04" in text


def test_a_run_that_cannot_be_read_does_not_hide_the_one_before_it(book):
    for name in ("2026-01-02T03-04-05Z", "2026-01-02T03-04-05Z-2"):
        (book.state / "runs" / name).mkdir(parents=True)
        results.write(ran(Verdict.PASS), book.state / "runs" / name)
    (book.state / "runs" / "2026-01-02T03-04-05Z-2" / results.FILE).write_text("{}")
    assert "2026-01-02T03-04-05Z/index.html" in executed(book)[0]
