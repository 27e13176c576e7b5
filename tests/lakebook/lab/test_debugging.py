"""A red run keeps its kernels, and `lakebook debug` opens one in JupyterLab with all that it knew."""

from __future__ import annotations

import shutil

import pytest
import workbook
from playwright.sync_api import expect

from lakebook.run import results

from .driver import Opened, said, start

pytestmark = pytest.mark.timeout(900)  # JupyterLab, a browser and a stack, on a machine under load
SCENARIO = "ingestion/incremental"
MUTANT = {"LAKEBOOK__INGESTION__MODULE": "mutants.bytes_miscounted"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A workbook with one real scenario and a green one."""
    made = workbook.make(tmp_path_factory.mktemp("debugging") / "book")
    (made.home / "notebooks" / "ingestion").mkdir()
    shutil.copy(workbook.ROOT / "notebooks" / f"{SCENARIO}.ipynb", made.home / "notebooks" / "ingestion")
    made.notebook("green", *workbook.GREEN)
    yield made
    made.end()


@pytest.fixture(scope="module")
def kept(book, python):
    """A run of both, of which one is red and stays; what it said."""
    process = start(book, python, "run", "--quick", "--keep-red", **MUTANT)
    shown = said(process, "these kernels and their stack stay")
    yield process, "".join(shown)
    process.terminate()
    process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 1
    book.nothing_left()


def run_folder(book):
    (folder,) = (book.state / "runs").iterdir()
    return folder


def debug(book, python, *arguments):
    process = start(book, python, "debug", *arguments, "--no-browser")
    shown, _ = process.communicate(timeout=workbook.ENOUGH_SECONDS)
    return process.returncode, shown


def typed_and_run(page, code):
    """Type code into a new cell below the last one, run it, and return what it shows."""
    page.locator(".jp-Notebook-cell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.type(code)
    expect(cell.locator(".cm-content")).to_have_text(code)
    page.keyboard.press("Shift+Enter")
    return page.locator(".jp-CodeCell", has_text=code).locator(".jp-OutputArea-output")


def test_a_variable_of_a_red_run_is_read_in_its_own_kernel(book, kept, python, page):
    record = run_folder(book) / "embedded" / f"{SCENARIO}.ipynb"
    before = record.read_bytes()
    for _again in range(2):  # a second look finds what the first left
        lab = Opened.by(book, python, "debug", "last", SCENARIO, "--no-browser")
        page.goto(lab.address)
        expect(page.locator(".lb", has_text="1 of 10 checks red")).to_be_visible()
        expect(page.get_by_text("| Idle")).to_be_visible()
        expect(typed_and_run(page, "first.metrics.files_processed")).to_have_text("2")
        assert lab.end() == 0
    assert record.read_bytes() == before


def test_the_run_says_which_scenarios_it_keeps_and_how_to_open_them(book, kept):
    process, shown = kept
    folder = run_folder(book)
    assert f"kept: lakebook debug {folder.name} {SCENARIO}\n" in shown
    assert "odd/green" not in shown.partition("kept:")[2]
    assert results.read(folder).exit_status == 1
    assert process.poll() is None


def test_only_this_user_can_read_how_to_connect(book, kept):
    files = list(book.temporary.rglob("connection/*.json"))
    assert files
    assert [path.stat().st_mode & 0o077 for path in files] == [0] * len(files)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["2020-01-01T00-00-00Z", "green"], "there is no run 2020-01-01T00-00-00Z"),
        (["last", "incrementl"], "did you mean incremental?"),
        (["last", "green"], "green was not red in the run"),
        (["last", "incremental", "--profile", "other"], "fail on embedded"),
    ],
    ids=["no such run", "no such scenario", "green", "another profile"],
)
def test_what_cannot_be_debugged_is_said(book, kept, python, arguments, says):
    status, shown = debug(book, python, *arguments)
    assert (status, says in shown, "Traceback" in shown) == (2, True, False), shown


@pytest.fixture
def small(tmp_path):
    """A workbook whose one scenario raises at once."""
    made = workbook.make(tmp_path / "book")
    made.notebook("raises", "known = 6 * 7", "1 / 0")
    yield made
    made.end()


def test_a_kept_kernel_ends_with_its_run_however_that_ends(small, python):
    process = start(small, python, "run", "--keep-red")
    said(process, "these kernels and their stack stay")
    process.kill()
    process.communicate(timeout=workbook.ENOUGH_SECONDS)
    small.nothing_left()
    status, shown = debug(small, python, "last", "raises")
    assert status == 1
    assert "the kernel of odd/raises no longer lives" in shown
    assert "lakebook run odd/raises --keep-red" in shown


def test_a_run_that_keeps_nothing_ends_at_once(small, python):
    (small.home / "notebooks" / "odd" / "raises.ipynb").unlink()
    small.notebook("green", *workbook.GREEN)
    process = start(small, python, "run", "--keep-red")
    shown, _ = process.communicate(timeout=workbook.ENOUGH_SECONDS)
    assert process.returncode == 0, shown
    assert "kept" not in shown
    small.nothing_left()
